"""Sending what is due: one message a transaction, its row locked."""

import contextlib
import hashlib
import logging
from collections.abc import Callable
from datetime import timedelta
from email.utils import formataddr, parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext, override

from sscnet.core.i18n.texts import language_tag

from ..models import Message, MessageQuerySet

logger = logging.getLogger(__name__)


class Unreachable(Exception):
    """The mail server cannot be reached; the message at hand is not the reason."""


def send_due(is_stopping: Callable[[], bool] = lambda: False) -> int:
    """Send what is due, until `is_stopping`; return how many were sent.

    Raise Unreachable where the server cannot be reached: all mails stay due.
    """
    mailer = mailers.default
    count = 0
    try:
        while not is_stopping() and (message := send_next(mailer)):
            count += message.sent_at is not None
    except Unreachable as error:
        waiting = Message.objects.due().exclude(last_error=str(error))
        waiting.update(last_error=str(error))
        raise
    finally:
        close_connection(mailer)
    return count


def send_next(mailer: BaseEmailBackend) -> Message | None:
    """Send what somebody waits for, else what has been due for longest; no other sender has it."""
    with transaction.atomic(durable=True):
        # What waits for the mail of the week goes there.
        due = Message.objects.due().filter(is_weekly=False)
        waiting = within_hour(due).order_by("-holds_secret", "next_try_at", "id")
        message = waiting.select_for_update(skip_locked=True).first()
        if message:
            open_connection(mailer)
            deliver(message, mailer)
    return message


def within_hour(due: MessageQuerySet) -> MessageQuerySet:
    """Keep what the server still takes in this hour; a fifth is for codes and links people await.

    Other senders wait until this transaction has ended, so that none counts too few.
    """
    if not settings.MAIL_AN_HOUR:
        return due
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('mails an hour'))")
    last_hour = Message.objects.filter(sent_at__gt=timezone.now() - timedelta(hours=1))
    left = settings.MAIL_AN_HOUR - last_hour.count()
    if left > settings.MAIL_AN_HOUR // 5:
        return due
    return due.filter(holds_secret=True) if left > 0 else due.none()


def open_connection(mailer: BaseEmailBackend) -> None:
    try:
        mailer.open()
    except OSError as error:
        raise Unreachable(str(error)) from error


def deliver(message: Message, mailer: BaseEmailBackend) -> None:
    try:
        mail = as_email(message)
        # Marked first: after the server's answer only the COMMIT is left.
        with transaction.atomic():
            message.mark_sent()
            message.save(update_fields=["sent_at", "text", "html"])
            mailer.send_messages([mail])
    except Exception as error:  # Whatever it is about this message, others must not wait for it.
        # The reason stands on the mail; it may name the receiver.
        logger.warning("Mail %s was not sent: %s", message.pk, type(error).__name__)
        message.refresh_from_db()
        message.record_failure(error)
        tried = ["attempts", "next_try_at", "failed_at", "last_error"]
        message.save(update_fields=[*tried, "text", "html"])
        close_connection(mailer)


def close_connection(mailer: BaseEmailBackend) -> None:
    """Close a connection that may be broken; the next message opens another."""
    with contextlib.suppress(OSError):
        mailer.close()


def as_email(message: Message) -> EmailMultiAlternatives:
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    with override(message.first_language or settings.LANGUAGE_CODE):
        office = gettext("Secretariat of the China South-South Cooperation Network")
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        from_email=formataddr((name or office, address)),
        to=[message.to],
        reply_to=[message.reply_to] if message.reply_to else None,
        attachments=[
            (file.name, bytes(file.content), file.content_type)
            for file in message.attachments.all()
        ],
        headers={
            "Message-ID": message_id(message.key),
            # So that no holiday notice answers it.
            "Auto-Submitted": "auto-generated",
            "Content-Language": ", ".join(language_tag(code) for code, _ in settings.LANGUAGES),
        },
    )
    mail.attach_alternative(message.html, "text/html")
    return mail


def message_id(key: str) -> str:
    """Return a Message-ID made of the key, so that receivers recognise a second copy."""
    domain = urlsplit(settings.PORTAL_ADDRESS).hostname
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"
