"""Who reports to IATI is checked with the other settings, once somebody is named."""

from django.conf import settings
from django.core.checks import Warning, register
from django.utils.translation import override

from .publisher import NEEDED, Publisher


@register()
def check_publisher(app_configs, **kwargs):
    """Say why no IATI file is given, where the settings name somebody who would report."""
    if not any(getattr(settings, name) for name in NEEDED):
        return []
    with override("en"):
        problems = [str(problem) for problem in Publisher.of_settings().problems()]
    hint = "Until it is put right, the addresses of IATI files answer 503 (docs/open-data.md)."
    return [Warning(problem, hint=hint, id="projects.W001") for problem in problems]
