from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from secretariat.setup.loading import FOLDER, CannotLoad, load_network


class Command(BaseCommand):
    help = "Load the Network's real records; what staff changed is left as it is."

    def add_arguments(self, parser):
        parser.add_argument("--data", type=Path, default=FOLDER, help="a folder of the same files")

    def handle(self, *, data, **options):
        try:
            outcome = load_network(data)
        except CannotLoad as error:
            raise CommandError(f"Nothing was loaded.\n{error}") from None
        for name, counts in outcome.counts.items():
            counted = ", ".join(f"{counts[word]} {word}" for word in ("new", "changed", "same"))
            self.stdout.write(f"{name}: {counted}")
        for line in outcome.left:
            self.stdout.write(f"left: {line}")
