"""The portal's own settings with the addresses of the faults, less what is taken out."""

from benchmarks.faults.without import is_out
from sscnet.settings import *  # noqa: F403
from sscnet.settings import DATABASES, INSTALLED_APPS, MIDDLEWARE, STORAGES

ROOT_URLCONF = "benchmarks.faults.urls"
INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks.faults"]
# So that small uploads go through the folder of temporary files, as large ones do.
FILE_UPLOAD_MAX_MEMORY_SIZE = 10_000
if is_out("outage"):
    MIDDLEWARE = [name for name in MIDDLEWARE if name != "sscnet.web.errors.AnswerOutage"]
    DATABASES["default"]["OPTIONS"]["pool"]["timeout"] = 10
if is_out("whole-files"):
    STORAGES = STORAGES | {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}}
    FILE_UPLOAD_HANDLERS = [
        "django.core.files.uploadhandler.MemoryFileUploadHandler",
        "django.core.files.uploadhandler.TemporaryFileUploadHandler",
    ]
