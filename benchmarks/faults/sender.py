"""Sends what is due every second, as `run_due` does every minute, without its other work.

With `careless` the protection is taken out: a mail is marked as sent, committed, and sent then.
"""

import sys
import time

import django

django.setup()

from django.core.mail import mailers  # noqa: E402

from sscnet.outbox.models import Message  # noqa: E402
from sscnet.outbox.sending import Unreachable, as_email, send_due  # noqa: E402


def send_carelessly():
    while message := Message.objects.due().order_by("pk").first():
        message.mark_sent()
        message.save()
        mailers.default.send_messages([as_email(message)])


while True:
    try:
        send_carelessly() if "careless" in sys.argv else send_due()
    except Unreachable as error:
        print(error, file=sys.stderr)
    time.sleep(1)
