from django.core.management.base import BaseCommand

from secretariat.open_data import bundle


class Command(BaseCommand):
    help = "Write all public data into one dated file, offered at /about/data/. For a timer."

    def handle(self, **options):
        path = bundle.make()
        self.stdout.write(self.style.SUCCESS(f"{path.name}: {path.stat().st_size:,} bytes."))
