"""Sends what is due every second, as `run_due` does every minute, without its other work."""

import sys
import time

import django

django.setup()

from sscnet.outbox.delivery.sending import send_due  # noqa: E402

while True:
    try:
        send_due()
    except Exception as error:  # The timer too starts the next pass, however this one ended.
        print(error, file=sys.stderr)
    time.sleep(1)
