import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from sscnet.monitoring.operator import mail_operator


class Command(BaseCommand):
    help = "Mail OPERATOR_MAIL what stands on the standard input, past the outbox."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("subject")

    def handle(self, *, subject, **options):
        if not settings.OPERATOR_MAIL:
            raise CommandError("Nobody is told: OPERATOR_MAIL is not set.")
        mail_operator(subject, sys.stdin.read())
