from django.core.management.base import BaseCommand, CommandError

from meetings.models import Meeting
from meetings.places.audit import disagreements


class Command(BaseCommand):
    help = "Check that the log of places, the tables and the counters of every meeting agree."

    def handle(self, **options):
        meetings = Meeting.objects.exclude(capacity=None).order_by("pk")
        wrong = [
            f"{meeting.slug}: {difference}"
            for meeting in meetings
            for difference in disagreements(meeting)
        ]
        if wrong:
            raise CommandError("\n".join(["log and tables differ:", *wrong]))
        self.stdout.write(self.style.SUCCESS(f"{len(meetings)} meetings: log and tables agree."))
