"""The portal's own settings, with the views of this benchmark. Never used by a server."""

from sscnet.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.places.urls"
