from django.core.management.base import BaseCommand

from sscnet.search import renewal


class Command(BaseCommand):
    help = "Compute the words that records are found by anew, while searches go on."

    def add_arguments(self, parser):
        parser.add_argument(
            "--changed", action="store_true", help="only what changed and was not looked at yet"
        )

    def handle(self, *, changed, **options):
        if changed:
            text = f"{renewal.refresh_all()} changed records renewed."
        else:
            text = f"{renewal.rebuild()} records looked at; the search is as new."
        self.stdout.write(self.style.SUCCESS(text))
