"""What is checked of mail and of erasing; the settings by `manage.py check --deploy`."""

import os
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.utils import translation

from . import wordings


@register(Tags.security)
def check_subjects(app_configs, **kwargs):
    """Say where a subject of ours would tell a secret."""
    errors = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for wording in wordings.all_wordings():
                if told := wordings.placeholders(str(wording.subject)) & wording.secrets:
                    message = f"The subject of {wording.key} ({language}) tells {sorted(told)}."
                    errors.append(Error(message, id="outbox.E001"))
    return errors


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
    return lacks
