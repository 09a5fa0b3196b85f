from django.core.management import BaseCommand
from django.db import transaction

from sscnet.core.personal_data.encryption import encrypt_all_again


class Command(BaseCommand):
    help = "Encrypt all secrets in the database with the first of ENCRYPTION_KEYS."

    @transaction.atomic
    def handle(self, **options):
        for label, count in encrypt_all_again():
            self.stdout.write(self.style.SUCCESS(f"{label}: {count} encrypted again."))
