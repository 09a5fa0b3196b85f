"""Every public page in both languages, for search engines."""

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from meetings.models import Meeting
from members.models import Institution
from projects.calls.models import Call
from projects.models import Project

from .models import Page


class BilingualSitemap(Sitemap):
    i18n = True
    alternates = True
    x_default = True


class ListSitemap(BilingualSitemap):
    def items(self):
        return [
            "secretariat:home",
            "projects:list",
            "members:list",
            "meetings:list",
            "calls:list",
            "secretariat:data",
        ]

    def location(self, name):
        return reverse(name)


class RecordSitemap(BilingualSitemap):
    """The pages of one kind of record."""

    def __init__(self, records):
        self.records = records

    def items(self):
        return self.records.public().order_by("pk")

    def lastmod(self, record):
        return record.updated_at


SITEMAPS = {
    "lists": ListSitemap,
    "projects": RecordSitemap(Project.objects),
    "members": RecordSitemap(Institution.objects.listed()),
    "meetings": RecordSitemap(Meeting.objects),
    "calls": RecordSitemap(Call.objects),
    "pages": RecordSitemap(Page.objects),
}
