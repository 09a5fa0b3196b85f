from django.core.management.base import BaseCommand, CommandError

from secretariat.setup.installation import problems, time_zones


class Command(BaseCommand):
    help = "Say what is wrong with an installed portal and its machine, and what is to do."

    def handle(self, **options):
        found = 0
        for name, problem in problems():
            self.stdout.write(f"{'to do' if problem else 'ok':5}  {name}  {problem}".rstrip())
            found += bool(problem)
        self.stdout.write(time_zones())
        if found:
            raise CommandError(f"{found} to do.")
