from django.core.management.base import BaseCommand

from meetings.persons.erasing import erase, meetings_due, of_meeting


class Command(BaseCommand):
    help = "Erase the personal data of delegates whose meeting's retention day is past."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only say what would be erased")

    def handle(self, *, dry_run, **options):
        meetings = list(meetings_due())
        for meeting in meetings:
            if dry_run:
                self.say(meeting, "would be erased", of_meeting(meeting).count())
            elif protocol := erase(meeting):
                self.say(meeting, "erased", protocol.counts)
        if not meetings:
            self.stdout.write("No meeting past its retention day has personal data.")

    def say(self, meeting, what, counts):
        numbers = ", ".join(f"{name.replace('_', ' ')} {n}" for name, n in counts.items() if n)
        day = meeting.retain_until.isoformat()
        self.stdout.write(f"{meeting.slug} (retention day {day}), {what}: {numbers}")
