from django.core.management.base import BaseCommand

from projects.search import index


class Command(BaseCommand):
    help = "Compute the words that projects are found by anew, while searches go on."

    def add_arguments(self, parser):
        parser.add_argument(
            "--changed", action="store_true", help="only what changed and was not looked at yet"
        )

    def handle(self, *, changed, **options):
        if changed:
            text = f"{index.refresh_all()} changed records renewed."
        else:
            text = f"{index.rebuild()} projects looked at; the search is as new."
        self.stdout.write(self.style.SUCCESS(text))
