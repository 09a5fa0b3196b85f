from django.core.management.base import BaseCommand

from sscnet.monitoring.watch import look


class Command(BaseCommand):
    help = "Do once what the worker does every five minutes: tell the operator what is wrong."
    # Some ask the database, which may be what is wrong.
    requires_system_checks = ()

    def handle(self, **options):
        for text in look():
            self.stdout.write(text)
