"""Mail of a development machine: shown on the console, and kept as a file for mail programs."""

import email.policy
import sys
from pathlib import Path

from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone


class EmailBackend(BaseEmailBackend):
    def __init__(self, folder, stream=None, **kwargs):
        super().__init__(**kwargs)
        self.folder = Path(folder)
        self.stream = stream or sys.stdout

    def send_messages(self, email_messages):
        self.folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            path = self.keep(message)
            self.show(message, path)
        return len(email_messages)

    def keep(self, message):
        moment = timezone.now().strftime("%Y%m%d-%H%M%S-%f")
        path = self.folder / f"{moment}.eml"
        path.write_bytes(message.message(policy=email.policy.SMTP).as_bytes())
        return path

    def show(self, message, path):
        lines = [
            "-" * 79,
            f"To: {', '.join(message.to)}",
            f"Subject: {message.subject}",
            "",
            message.body.rstrip(),
            "",
            f"({path})",
            "-" * 79,
        ]
        print("\n".join(lines), file=self.stream, flush=True)
