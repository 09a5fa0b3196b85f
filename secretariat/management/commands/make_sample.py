from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import ProtectedError

from meetings.models import Meeting
from projects.calls.models import Call
from secretariat.setup.sample.stock import make_sample, remove_sample
from sscnet.codelists.models import Country


class Command(BaseCommand):
    help = (
        "Make marked sample records, to try the portal with, or remove them: institutions,"
        " projects, a meeting that takes registrations, a call with proposals, news."
    )

    def add_arguments(self, parser):
        parser.add_argument("--remove", action="store_true", help="remove all that is sample")
        parser.add_argument(
            "--in-production",
            action="store_true",
            help="make them beside real records; lists show them where an address says samples=1",
        )

    def handle(self, *, remove=False, in_production=False, **options):
        if remove:
            self.remove()
        elif not (settings.DEBUG or in_production):
            raise CommandError(
                "this is not a development server: sample records would stand among real ones."
                " Say --in-production if that is wanted."
            )
        elif not Country.objects.filter(iso2="CN").exists():
            raise CommandError("the countries are missing: run load_network first.")
        else:
            self.make()

    def make(self):
        make_sample()
        self.stdout.write("The sample is there:")
        for model in (Meeting, Call):
            for record in model.objects.filter(is_sample=True).order_by("pk"):
                self.stdout.write(record.get_absolute_url())

    def remove(self):
        try:
            removed = remove_sample()
        except ProtectedError as error:
            using = ", ".join(sorted(f"{row!r}" for row in error.protected_objects)[:5])
            raise CommandError(
                f"nothing was removed: real records point to sample ones ({using})."
            ) from None
        self.stdout.write(
            ", ".join(f"{n} sample {name}" for name, n in removed.items()) + " removed."
        )
