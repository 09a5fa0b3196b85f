from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import ProtectedError

from projects.models import Project
from secretariat.setup.demo import SAMPLE_FOCAL_POINT
from secretariat.setup.sample.call import make_sample_call
from secretariat.setup.sample.meeting import make_sample_meeting
from secretariat.setup.sample.stock import CodeListsMissing, make_sample, remove_sample
from sscnet.codelists.models import Country

# Codes have six digits.
MOST = 999_999


class Command(BaseCommand):
    help = (
        "Make marked sample records, to try the portal with, or remove them. With --projects N"
        " those of the sample projects 1 to N that are missing are made, with --meeting a meeting"
        " whose registration is open, with --call a call that is open and two proposals."
    )

    def add_arguments(self, parser):
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--projects", type=int, metavar="N", help="how many there shall be")
        what.add_argument("--meeting", action="store_true", help="a meeting to register for")
        what.add_argument("--call", action="store_true", help="a call to propose to")
        what.add_argument("--remove", action="store_true", help="remove all that is sample")
        parser.add_argument(
            "--in-production",
            action="store_true",
            help="make them beside real records; lists show them where an address says samples=1",
        )
        parser.add_argument("--seed", type=int, default=1, help="another number, other records")

    def handle(self, *, projects, meeting, call, remove, seed, in_production=False, **options):
        if remove:
            self.remove()
        elif not (settings.DEBUG or in_production):
            raise CommandError(
                "this is not a development server: sample records would stand among real ones."
                " Say --in-production if that is wanted."
            )
        elif meeting:
            self.make_meeting()
        elif call:
            self.make_call()
        elif not 1 <= projects <= MOST:
            raise CommandError(f"give a number of projects from 1 to {MOST}.")
        else:
            self.make(projects, seed)

    def make(self, projects, seed):
        try:
            made = make_sample(projects, seed)
        except CodeListsMissing:
            raise CommandError(
                "the countries, sectors, goals and areas are missing: run load_network first."
            ) from None
        there = Project.objects.filter(is_sample=True).count()
        self.stdout.write(f"{made} sample projects made; there are {there} now.")

    def make_meeting(self):
        self.want_countries()
        meeting, is_new = make_sample_meeting()
        done = "made" if is_new else "is there"
        self.stdout.write(f"The sample meeting {done}: {meeting.get_absolute_url()}")
        if settings.DEBUG:
            account = SAMPLE_FOCAL_POINT
            self.stdout.write(f"{account.email}  {account.password}  {account.may}")

    def make_call(self):
        self.want_countries()
        make_sample_meeting()
        call, is_new = make_sample_call()
        done = "made" if is_new else "is there"
        self.stdout.write(f"The sample call {done}: {call.get_absolute_url()}")

    def want_countries(self):
        if not Country.objects.filter(iso2="CN").exists():
            raise CommandError("the countries are missing: run load_network first.")

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
