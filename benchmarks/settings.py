"""The portal's own settings, with the two views it is compared with. Never used by a server."""

from sscnet.settings import *  # noqa: F403
from sscnet.settings import BASE_DIR, INSTALLED_APPS, TEMPLATES

ROOT_URLCONF = "benchmarks.urls"
INSTALLED_APPS.append("django_filters")
TEMPLATES[-1]["DIRS"].append(BASE_DIR / "benchmarks" / "naive" / "templates")
