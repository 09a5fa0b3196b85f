"""What an auditor asks for: who signed in, failed, was given rights, took data away.

One line of JSON for each, by the logger `security`. It names accounts by number and holds no name,
no e-mail address and no secret.
"""

import json
import logging

from allauth.account.adapter import get_adapter
from allauth.core import context
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from .secret_addresses import shown_path

logger = logging.getLogger("security")


def log_security(event: str, *, account: int | None = None, **details) -> None:
    """Write a line about an event; `account` is whom it concerns, if not who did it."""
    now = timezone.localtime(timezone=timezone.get_default_timezone())
    line = {"at": now.isoformat(timespec="seconds"), "event": event}
    if request := context.request:
        user = getattr(request, "user", None)
        line |= {
            "by": user.pk if user else None,
            "address": address_of(request),
            "path": shown_path(request.path),
        }
    logger.info(json.dumps(line | {"account": account} | details, ensure_ascii=False))


def address_of(request) -> str | None:
    try:
        return get_adapter().get_client_ip(request)
    except PermissionDenied:
        return None
