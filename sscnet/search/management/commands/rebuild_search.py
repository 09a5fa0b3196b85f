from django.core.management.base import BaseCommand

from sscnet.search import renewal


class Command(BaseCommand):
    help = "Compute the words that records are found by anew, while searches go on."

    def handle(self, **options):
        text = f"{renewal.rebuild()} records looked at; the search is as new."
        self.stdout.write(self.style.SUCCESS(text))
