import sys

from django.conf import settings
from django.core.mail import EmailMessage, mailers
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Mail OPERATOR_MAIL what stands on the standard input, past the outbox."

    def add_arguments(self, parser):
        parser.add_argument("subject")

    def handle(self, *, subject, **options):
        if not settings.OPERATOR_MAIL:
            raise CommandError("Nobody is told: OPERATOR_MAIL is not set.")
        mail = EmailMessage(subject, sys.stdin.read(), to=[settings.OPERATOR_MAIL])
        try:
            mailers.default.send_messages([mail])
        except OSError as error:
            raise CommandError(f"The operator could not be told: {error}") from error
