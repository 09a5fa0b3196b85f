from collections.abc import Callable

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from sscnet.outbox import due
from sscnet.outbox.delivery import sending


class Command(BaseCommand):
    help = "Do once what the worker does each minute: what is due, then send the mails that wait."

    def handle(self, **options):
        self.stdout.write(f"{one_pass()} mails sent.")


def one_pass(is_stopping: Callable[[], bool] = lambda: False) -> int:
    """Return how many mails were sent; raise CommandError with what failed, after all the rest."""
    # While the database is away, that is said once, not by each function.
    connection.ensure_connection()
    failed = due.run_registered()
    try:
        count = sending.send_due(is_stopping)
    except sending.Unreachable as error:
        raise CommandError(f"The mail server cannot be reached: {error}") from error
    if failed:
        raise CommandError(f"Failed, the log says why: {', '.join(failed)}")
    return count
