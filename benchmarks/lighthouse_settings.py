"""Settings of production, and what the proxy in front does: compression, and HTTPS before us."""

from sscnet.settings import *  # noqa: F403
from sscnet.settings import MIDDLEWARE

SECURE_SSL_REDIRECT = False
MIDDLEWARE = ["django.middleware.gzip.GZipMiddleware", *MIDDLEWARE]
