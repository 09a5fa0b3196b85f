"""Addresses of the portal: English without a prefix, Chinese under /zh-hans/."""

from allauth.account.decorators import secure_admin_login
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path

from sscnet import health
from sscnet.secretariat.sitemaps import SITEMAPS
from sscnet.secretariat.views import robots

# One way in for everybody: with a second factor, and slowed down for who guesses.
admin.site.login = secure_admin_login(admin.site.login)

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("files/", include("sscnet.records.urls")),
    *i18n_patterns(
        path("admin/", admin.site.urls),
        path("projects/", include("projects.urls")),
        path("accounts/", include("members.account_urls")),
        path("", include("meetings.urls")),
        path("", include("members.urls")),
        path("", include("projects.landing_urls")),
        path("", include("sscnet.secretariat.urls")),
        prefix_default_language=False,
    ),
]
