from django.core.management.base import BaseCommand, CommandError

from sscnet.search import check, renewal


class Command(BaseCommand):
    help = "Compare the words that records are found by with the records; name each difference."

    def handle(self, **options):
        renewal.refresh_all()
        differences = list(check.check())
        for difference in differences:
            self.stdout.write(difference)
        if differences:
            raise CommandError(f"{len(differences)} differences; mend them with rebuild_search.")
        self.stdout.write(self.style.SUCCESS("The search holds what the records say."))
