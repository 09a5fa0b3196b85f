"""Addresses without a language: the API, and what search engines and auditors read."""

from django.contrib.sitemaps.views import sitemap
from django.urls import path

from ..api.v1 import api
from .sitemaps import SITEMAPS
from .views import robots, security_txt

urlpatterns = [
    path("robots.txt", robots, name="robots"),
    path(".well-known/security.txt", security_txt, name="security_txt"),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("api/v1/", api.urls),
]
