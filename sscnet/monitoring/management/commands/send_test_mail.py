from django.conf import settings
from django.core.management.base import BaseCommand

from sscnet.monitoring.operator import mail_directly


class Command(BaseCommand):
    help = "Send a mail to an address, past the outbox, and say what failed."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("address")

    def handle(self, *, address, **options):
        text = f"This mail was sent by {settings.PORTAL_ADDRESS} to try the mail server."
        mail_directly(address, "Test / 测试", text)
        sender = settings.DEFAULT_FROM_EMAIL
        self.stdout.write(f"The mail server took the mail from {sender}: see that it arrives.")
