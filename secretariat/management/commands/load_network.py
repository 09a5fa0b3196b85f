from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from secretariat.setup.loading import FOLDER, CannotLoad, load_network


class Command(BaseCommand):
    help = "Load the Network's real records of each kind of which there are none."

    def add_arguments(self, parser):
        parser.add_argument("--data", type=Path, default=FOLDER, help="a folder of the same files")

    def handle(self, *, data, **options):
        try:
            outcome = load_network(data)
        except CannotLoad as error:
            raise CommandError(f"Nothing was loaded.\n{error}") from None
        for kind, number in outcome.new.items():
            self.stdout.write(f"{kind}: {number} new")
        for kind in outcome.left:
            self.stdout.write(f"{kind}: there already, left as they are")
