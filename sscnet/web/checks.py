"""What a server is asked by `manage.py check --deploy`: of its proxy, of mainland China."""

import os
from pathlib import Path

from django.conf import settings
from django.core.checks import Info, Tags, Warning, register

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


@register(Tags.security, deploy=True)
def check_proxy_settings(app_configs, **kwargs):
    named = settings.ALLAUTH_TRUSTED_PROXY_COUNT or settings.ALLAUTH_TRUSTED_CLIENT_IP_HEADER
    if settings.IS_BEHIND_PROXY is None:
        message = "Say whether a proxy stands in front of the portal: set BEHIND_PROXY."
        return [Warning(message, id="web.W001")]
    if settings.IS_BEHIND_PROXY and not named:
        message = "All have the proxy's address: set TRUSTED_PROXY_COUNT or CLIENT_IP_HEADER."
        return [Warning(message, id="web.W002")]
    if named and not settings.IS_BEHIND_PROXY:
        message = "Without a proxy addresses may be forged: set BEHIND_PROXY, or leave them out."
        return [Warning(message, id="web.W003")]
    return []
