"""What `manage.py check --deploy` says of the settings of mail and of erasing."""

import os
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Tags, Warning, register


@register(Tags.security, deploy=True)
def check_erasure_log(app_configs, **kwargs):
    """Say where it could not be noted what is erased: after a restore it would be there again."""
    path = settings.ERASURE_LOG
    if os.access(path if path.exists() else path.parent, os.W_OK):
        return []
    return [Warning(f"ERASURE_LOG cannot be written: {path}.", id="outbox.W003")]


@register(Tags.security, deploy=True)
def check_mail_settings(app_configs, **kwargs):
    lacks = []
    address = urlsplit(settings.PORTAL_ADDRESS)
    host = address.hostname or ""
    if address.scheme not in ("http", "https") or host.startswith(".") or not host.strip("*"):
        message = "Links in mails lead nowhere: set PORTAL_ADDRESS."
        lacks.append(Warning(message, id="outbox.W001"))
    if not settings.SECRETARIAT_MAILBOX:
        message = "Replies to mails reach nobody: set SECRETARIAT_MAILBOX."
        lacks.append(Warning(message, id="outbox.W002"))
    account = settings.MAIL_USER
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    if settings.MAINLAND and "@" in account and account.lower() != sender.lower():
        message = "Most mail servers in China refuse another sender: set MAIL_FROM to MAIL_USER."
        lacks.append(Warning(message, id="outbox.W004"))
    return lacks
