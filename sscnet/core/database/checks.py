"""What is checked of the cache, at every start of `manage.py`."""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, register

THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}


@register(Tags.security)
def check_cache(app_configs, **kwargs):
    """Say where counts and a password would go over a network in clear."""
    servers = [urlsplit(one) for one in re.split("[;,]", settings.CACHE_URL)]
    in_clear = [
        one for one in servers if one.scheme == "redis" and one.hostname not in THIS_MACHINE
    ]
    if settings.DEBUG or not in_clear:
        return []
    message = "CACHE_URL leads to another machine in clear: set rediss:// (docs/scale.md)."
    return [Error(message, id="core.E001")]
