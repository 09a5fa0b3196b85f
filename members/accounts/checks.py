"""What a server needs to know its visitors' addresses: looked at by `manage.py check --deploy`."""

from django.conf import settings
from django.core.checks import Tags, Warning, register


@register(Tags.security, deploy=True)
def check_proxy_settings(app_configs, **kwargs):
    named = settings.ALLAUTH_TRUSTED_PROXY_COUNT or settings.ALLAUTH_TRUSTED_CLIENT_IP_HEADER
    if settings.IS_BEHIND_PROXY is None:
        message = "Say whether a proxy stands in front of the portal: set BEHIND_PROXY."
        return [Warning(message, id="accounts.W001")]
    if settings.IS_BEHIND_PROXY and not named:
        message = "All have the proxy's address: set TRUSTED_PROXY_COUNT or CLIENT_IP_HEADER."
        return [Warning(message, id="accounts.W002")]
    if named and not settings.IS_BEHIND_PROXY:
        message = "Without a proxy addresses may be forged: set BEHIND_PROXY, or leave them out."
        return [Warning(message, id="accounts.W003")]
    return []
