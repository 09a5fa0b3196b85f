"""Addresses of the portal: English without a prefix, Chinese under /zh-hans/."""

from allauth.account.decorators import secure_admin_login
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.http import Http404
from django.urls import include, path, re_path
from django.views.defaults import page_not_found

from sscnet.web import health

handler403 = "sscnet.web.errors.permission_denied"
handler500 = "sscnet.web.errors.server_error"

# One way to sign in for all: with a second factor and rate limits.
admin.site.login = secure_admin_login(admin.site.login)

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("files/", include("sscnet.core.pages.urls")),
    path("", include("secretariat.pages.root_urls")),
    *i18n_patterns(
        # Looks up any table by number, of which some are none; no page of ours leads there.
        re_path("^admin/r/", page_not_found, {"exception": Http404()}),
        path("admin/", admin.site.urls),
        path("projects/", include("projects.urls")),
        path("accounts/", include("members.accounts.urls")),
        path("", include("projects.calls.urls")),
        path("", include("meetings.urls")),
        path("", include("members.directory.urls")),
        path("", include("projects.pages.landing_urls")),
        path("", include("secretariat.pages.urls")),
        prefix_default_language=False,
    ),
]
