import json

from django.conf import settings
from django.core.management.base import BaseCommand

from sscnet.monitoring import alarms
from sscnet.monitoring.operator import mail_operator


class Command(BaseCommand):
    help = "Mail the operator what is wrong: once a cause, and again when it is over."

    def handle(self, **options):
        file = settings.OPERATIONS_FOLDER / "watch.json"
        alarmed = json.loads(file.read_text() or "{}") if file.exists() else {}
        wrong = alarms.current()
        if "sscnet_database_up" in wrong:
            # Of the rest nothing is known.
            wrong = alarmed | wrong
        begun = [text for cause, text in wrong.items() if cause not in alarmed]
        over = [text for cause, text in alarmed.items() if cause not in wrong]
        for text in wrong.values():
            self.stdout.write(text)
        if (begun or over) and settings.OPERATOR_MAIL:
            self.tell(begun, over)
        # Written last: what could not be mailed is tried again.
        file.write_text(json.dumps(wrong))

    def tell(self, begun, over):
        parts = [("Wrong since now", begun), ("Over", over)]
        lines = [line for title, texts in parts if texts for line in (f"{title}:", *texts, "")]
        subject = f"{begun[0] if begun else 'Over: ' + over[0]} ({settings.PORTAL_ADDRESS})"
        mail_operator(subject, "\n".join(lines))
