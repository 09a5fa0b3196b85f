"""Mails to the operator: past the outbox, which may be what is wrong."""

import smtplib
import ssl

from django.conf import settings
from django.core.mail import EmailMessage, mailers
from django.core.management.base import CommandError

# Which settings an error is about; the first that fits.
HINTS = {
    smtplib.SMTPAuthenticationError: "The server refuses MAIL_USER or MAIL_PASSWORD",
    smtplib.SMTPSenderRefused: "The server refuses the sender (MAIL_FROM)",
    smtplib.SMTPRecipientsRefused: "The server refuses the receiver",
    smtplib.SMTPNotSupportedError: "The server does not know that (MAIL_TLS, MAIL_USER)",
    smtplib.SMTPResponseException: "The server refuses the mail",
    ssl.SSLError: "The connection cannot be encrypted (MAIL_HOST, MAIL_PORT, MAIL_SSL)",
    OSError: "The mail server cannot be reached (MAIL_HOST, MAIL_PORT, MAIL_TLS, MAIL_SSL)",
}


def mail_directly(to: str, subject: str, text: str) -> None:
    """Send a mail at once; raise CommandError with what the server or the way there refuses."""
    mail = EmailMessage(subject, text, to=[to])
    try:
        mailers.default.send_messages([mail])
    except OSError as error:
        hint = next(text for kind, text in HINTS.items() if isinstance(error, kind))
        raise CommandError(f"{hint}: {error}") from error


def mail_operator(subject: str, text: str) -> None:
    """Send a mail to OPERATOR_MAIL; raise CommandError where the server does not take it."""
    try:
        mail_directly(settings.OPERATOR_MAIL, subject, text)
    except CommandError as error:
        raise CommandError(f"The operator could not be told: {error}") from error
