import signal
import time

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections
from django.utils import timezone

from sscnet.outbox import due
from sscnet.outbox.delivery import sending


class Command(BaseCommand):
    help = "Do what is due: reminders and the like, then send the mails that wait."

    is_stopping = False

    def add_arguments(self, parser):
        parser.add_argument(
            "--every",
            type=int,
            metavar="SECONDS",
            help="go on, with a pass every so many seconds; otherwise there is one pass",
        )

    def handle(self, *, every, **options):
        before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            for number in before:
                signal.signal(number, self.stop)
            self.go_on(every) if every else self.one_pass()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def stop(self, number, frame):
        """End after the mail at hand: broken off, it might go out a second time."""
        self.is_stopping = True

    def go_on(self, every):
        while not self.is_stopping:
            close_old_connections()
            try:
                self.one_pass()
            except CommandError as error:
                self.stderr.write(str(error))
            self.wait(every)

    def wait(self, seconds):
        until = time.monotonic() + seconds
        while not self.is_stopping and time.monotonic() < until:
            time.sleep(min(1, seconds))

    def one_pass(self):
        failed = due.run_registered()
        try:
            count = sending.send_due(lambda: self.is_stopping)
        except sending.Unreachable as error:
            raise CommandError(f"The mail server cannot be reached: {error}") from error
        if count:
            self.stdout.write(f"{timezone.localtime():%Y-%m-%d %H:%M:%S} {count} mails sent.")
        if failed:
            raise CommandError(f"Failed, the log says why: {', '.join(failed)}")
