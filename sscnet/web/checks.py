"""What a host in mainland China asks for: looked at by `manage.py check --deploy`."""

import os
from pathlib import Path

from django.conf import settings
from django.core.checks import Tags, Warning, register

ASKED = {
    "ICP_NUMBER": "The footer has no ICP number",
    "POLICE_FILING_NUMBER": "The footer has no number of the filing with the police",
    "DATA_HANDLER": "The privacy page does not name who is responsible",
    "DATA_HANDLER_ZH": "The Chinese privacy page does not name who is responsible",
}


@register(Tags.security, deploy=True)
def check_mainland(app_configs, **kwargs):
    if not settings.MAINLAND:
        return []
    lacks = [f"{what}: set {name}." for name, what in ASKED.items() if not getattr(settings, name)]
    log = Path(settings.REQUEST_LOG or "none")
    if not os.access(log if log.exists() else log.parent, os.W_OK):
        lacks.append("No log of requests can be written: make its folder, or set REQUEST_LOG.")
    return [Warning(lack, id="web.W001") for lack in lacks]
