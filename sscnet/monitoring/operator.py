"""Mails to the operator: past the outbox, which may be what is wrong."""

from django.conf import settings
from django.core.mail import EmailMessage, mailers
from django.core.management.base import CommandError


def mail_operator(subject: str, text: str) -> None:
    """Send a mail to OPERATOR_MAIL; raise CommandError where the server does not take it."""
    mail = EmailMessage(subject, text, to=[settings.OPERATOR_MAIL])
    try:
        mailers.default.send_messages([mail])
    except OSError as error:
        raise CommandError(f"The operator could not be told: {error}") from error
