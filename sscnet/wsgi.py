"""The WSGI application."""

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sscnet.settings")
application = get_wsgi_application()
# All views, before gunicorn forks: otherwise each process reads them at its first visit.
import_module(settings.ROOT_URLCONF)
