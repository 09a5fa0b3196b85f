"""The portal's own settings with the views of the benchmarks. Never used by a server."""

from sscnet.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.views"
# So that small uploads go through the folder of temporary files, as large ones do.
FILE_UPLOAD_MAX_MEMORY_SIZE = 10_000
