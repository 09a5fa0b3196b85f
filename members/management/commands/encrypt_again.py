from django.core.management import BaseCommand

from members.accounts.adapters import encrypt_second_factors_again


class Command(BaseCommand):
    help = "Encrypt the secrets of second factors with the first of ENCRYPTION_KEYS."

    def handle(self, **options):
        count = encrypt_second_factors_again()
        self.stdout.write(self.style.SUCCESS(f"{count} second factors encrypted again."))
