"""The portal's own settings with the addresses of the faults; `WITHOUT` takes protections out."""

import os

from sscnet.settings import *  # noqa: F403
from sscnet.settings import DATABASES, MIDDLEWARE, STORAGES

WITHOUT = os.environ.get("WITHOUT", "").split(",")

ROOT_URLCONF = "benchmarks.faults.urls"
# So that small uploads go through the folder of temporary files, as large ones do.
FILE_UPLOAD_MAX_MEMORY_SIZE = 10_000
if "outage" in WITHOUT:
    MIDDLEWARE = [name for name in MIDDLEWARE if name != "sscnet.errors.AnswerOutage"]
    DATABASES["default"]["OPTIONS"]["pool"]["timeout"] = 10
if "whole files" in WITHOUT:
    STORAGES = STORAGES | {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}}
    FILE_UPLOAD_HANDLERS = [
        "django.core.files.uploadhandler.MemoryFileUploadHandler",
        "django.core.files.uploadhandler.TemporaryFileUploadHandler",
    ]
