from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from secretariat.setup.demo import PASSWORD, make_demo_accounts


class Command(BaseCommand):
    help = "Make accounts to try the admin with, one a group. Only under DEBUG."

    def handle(self, **options):
        if not settings.DEBUG:
            raise CommandError("demo accounts have known passwords: set DEBUG=true to make them.")
        rows = [("Email", "Password", "May do")]
        rows += [(account.email, PASSWORD, account.may) for account in make_demo_accounts()]
        widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
        for email, password, may in rows:
            self.stdout.write(f"{email:<{widths[0]}}  {password:<{widths[1]}}  {may}")
        self.stdout.write(f"Code of the second factor: {settings.MFA_TOTP_INSECURE_BYPASS_CODE}")
