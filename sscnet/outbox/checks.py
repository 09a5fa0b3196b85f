"""What a server needs for mail: looked at by `manage.py check --deploy`."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Tags, Warning, register


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
