"""A real mail server for tests, on a port of its own, that can be stopped and started again."""

import socket
from contextlib import contextmanager
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller


class Inbox:
    """Keeps what it accepts. `before` sees each mail first, and may give another answer."""

    def __init__(self):
        self.mails = []
        self.before = lambda mail: None

    async def handle_DATA(self, server, session, envelope):
        mail = message_from_bytes(envelope.content, policy=policy.default)
        if answer := self.before(mail):
            return answer
        self.mails.append(mail)
        return "250 OK"

    @property
    def subjects(self):
        return [mail["Subject"] for mail in self.mails]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(inbox, port, **options):
    controller = Controller(inbox, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


def smtp_on(port):
    """Give the setting MAILERS for the server on this port."""
    options = {"host": "127.0.0.1", "port": port, "timeout": 10}
    backend = "django.core.mail.backends.smtp.EmailBackend"
    return {"default": {"BACKEND": backend, "OPTIONS": options}}
