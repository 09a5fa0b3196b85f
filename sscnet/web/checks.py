"""What a host in mainland China asks for: looked at by `manage.py check --deploy`."""

import os
from pathlib import Path

from django.conf import settings
from django.core.checks import Info, Tags, register

ASKED = ("ICP_NUMBER", "POLICE_FILING_NUMBER", "DATA_HANDLER", "DATA_HANDLER_ZH")


@register(Tags.security, deploy=True)
def check_mainland(app_configs, **kwargs):
    if not settings.MAINLAND:
        return []
    missing = [name for name in ASKED if not getattr(settings, name)]
    log = Path(settings.REQUEST_LOG)
    if not os.access(log if log.exists() else log.parent, os.W_OK):
        missing.append("REQUEST_LOG")
    # No warning: an upgrade goes on without a number.
    text = "A host in mainland China asks for it (.env.example): set %s."
    return [Info(text % name, id="web.I001") for name in missing]
