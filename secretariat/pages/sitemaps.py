"""Every public page in both languages, for search engines."""

from datetime import UTC

from django.contrib.sitemaps import Sitemap
from django.http import QueryDict
from django.urls import reverse

from meetings.models import Meeting
from members.models import Institution
from projects.calls.models import Call
from projects.catalogue.filters import ProjectFilter
from projects.models import Project
from projects.pages.landing import SUBJECTS, with_projects
from sscnet.codelists.models import Topic
from sscnet.facets.engine import current

from ..models import Page, YearlyReport
from .news import current_news


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
            "meetings:activities:list",
            "meetings:list",
            "calls:list",
            "landing:countries",
            "secretariat:topics",
            "secretariat:needs",
            "secretariat:publications",
            "secretariat:news",
            "landing:sdgs",
            "secretariat:data",
            "secretariat:figures",
        ]

    def location(self, name):
        return reverse(name)


class RecordSitemap(BilingualSitemap):
    """The pages of one kind of record."""

    def __init__(self, public):
        self.public = public

    def items(self):
        return self.public().order_by("pk")

    def lastmod(self, record):
        # A day by itself, and the clock of those who read it is UTC.
        return record.updated_at.astimezone(UTC).date()


class LandingSitemap(BilingualSitemap):
    """The topics, and the countries, areas and goals that have projects."""

    def items(self):
        everything = ProjectFilter.listing(QueryDict(), current(ProjectFilter))
        subjects = (with_projects(subject, everything) for subject in SUBJECTS)
        return [*Topic.objects.all(), *(record for one in subjects for record, _count in one)]


SITEMAPS = {
    "lists": ListSitemap,
    "projects": RecordSitemap(Project.objects.public),
    "landing": LandingSitemap,
    "members": RecordSitemap(Institution.objects.listed().public),
    "meetings": RecordSitemap(Meeting.objects.public),
    "calls": RecordSitemap(Call.objects.public),
    "pages": RecordSitemap(lambda: Page.objects.public().of_menu() | current_news()),
    "reports": RecordSitemap(YearlyReport.objects.public),
}
