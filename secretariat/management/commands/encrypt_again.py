from django.core.management import BaseCommand
from django.db import transaction

from members.accounts.adapters import encrypt_second_factors_again
from sscnet.core.personal_data import sealed


class Command(BaseCommand):
    help = "Encrypt all secrets in the database with the first of ENCRYPTION_KEYS."

    @transaction.atomic
    def handle(self, **options):
        self.stdout.write(f"texts and files: {sealed.encrypt_again()} encrypted again.")
        self.stdout.write(f"second factors: {encrypt_second_factors_again()} encrypted again.")
