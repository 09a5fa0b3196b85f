"""Pages of topics: whom to ask, and what was done. They stand in place of pages of sectors.

A record belongs to a topic whose words it has, or one of whose sectors; the search finds both.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Q
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from meetings.models import Meeting
from meetings.programme.related import when
from members.models import Institution
from projects.catalogue.filters import ProjectFilter
from projects.catalogue.results import results
from projects.catalogue.summaries import SENTENCE, first_sentence
from projects.models import Document, Project, ProjectCountry
from projects.pages.landing import by_region
from sscnet.codelists.models import Country, Sector, Topic
from sscnet.core.database.sql import IsAmong
from sscnet.core.database.stamps import MEETINGS, SOURCES
from sscnet.core.i18n.collation import sort_key
from sscnet.core.i18n.texts import Text, translated
from sscnet.core.pages.page_cache import keep_until_changed
from sscnet.core.pages.statements import RecordReader, row, rows_of
from sscnet.core.records import samples
from sscnet.facets.engine import of_request
from sscnet.search import having_any

KINDS = ("institution", "project", "meeting")
# A topic with fewer projects and meetings says so.
FEW = 3
IN_SIGHT = 10


@dataclass(frozen=True)
class TopicRecords:
    """A topic, and the ids of the public records that belong to it."""

    topic: Topic
    institution: set[int]
    project: set[int]
    meeting: set[int]

    @property
    def count(self) -> int:
        return len(self.project) + len(self.meeting)

    @property
    def projects(self):
        return Project.objects.filter(IsAmong.ids(list(self.project))).order_by()

    @property
    def has_few(self) -> bool:
        return self.count < FEW


def with_records(request, topics: Iterable[Topic]) -> list[TopicRecords]:
    groups = [(one.words, (f"sector={pk}" for pk in one.sector_ids)) for one in topics]
    found, request.is_provisional = having_any(groups, KINDS)
    return [TopicRecords(one, **ids) for one, ids in zip(topics, found, strict=True)]


def with_sectors():
    """Return the topics with the ids of their sectors."""
    in_any = Q(sectors__isnull=False)
    topics = Topic.objects.order_by(*Topic._meta.ordering)
    return topics.annotate(sector_ids=ArrayAgg("sectors", filter=in_any, default=[]))


@require_safe
@keep_until_changed(*ProjectFilter.topics, MEETINGS)
def topics(request):
    return render(
        request, "secretariat/topics.html", {"found": with_records(request, with_sectors())}
    )


@require_safe
@keep_until_changed(*ProjectFilter.topics, MEETINGS, SOURCES)
def topic(request, slug):
    [found] = with_records(request, with_sectors().filter(slug=slug)) or [None]
    if found is None:
        raise Http404
    index = of_request(request, ProjectFilter)
    newest = ProjectFilter.listing(QueryDict(), index).ids
    ids = list(islice((pk for pk in newest if pk in found.project), IN_SIGHT))
    text = translated(found.topic, "text")
    first = SENTENCE.match(text.value)
    context = {
        "topic": found.topic,
        "found": found,
        "text": text,
        "lede": first[0] if first else text.value,
        "institutions": institutions_of(found),
        "projects": results(index, ids),
        "meetings": meetings_of(found),
        "documents": documents_of(found),
        "regions": countries_of(found),
        "question": _("Topic: %(topic)s. We work in … and would like to know …")
        % {"topic": found.topic},
    }
    return render(request, "secretariat/topic.html", context)


def institutions_of(found: TopicRecords) -> list[tuple[Institution, Text]]:
    """Return whom to ask, who has most of the projects first, each with a sentence on itself."""
    theirs = Q(project_institutions__project__in=found.projects)
    shared = Count("project_institutions__project", filter=theirs, distinct=True)
    named = Institution.objects.public().filter(pk__in=found.institution).annotate(shared=shared)
    first = named.order_by("-shared", "name_i18n").prefetch_related("services")[:IN_SIGHT]
    texts = [(one, translated(one, "description")) for one in first]
    return [(one, replace(text, value=first_sentence(text.value))) for one, text in texts]


def meetings_of(found: TopicRecords) -> list[Meeting]:
    return sorted(meetings().of_ids(list(found.meeting)), key=when, reverse=True)[:IN_SIGHT]


@cache
def meetings() -> RecordReader[Meeting]:
    workshops = rows_of(Meeting, "workshops").values_list(row("title", "i18n"))
    return RecordReader.of(Meeting.objects.published(), {"workshops": workshops})


def documents_of(found: TopicRecords) -> list[Document]:
    kinds = [Document.Kind.FINAL_REPORT, Document.Kind.PUBLICATION]
    public = Document.objects.filter(project__in=found.projects, kind__in=kinds)
    return list(public.order_by("-dated", "pk")[:IN_SIGHT])


def countries_of(found: TopicRecords) -> list[tuple[str, list]]:
    """Return the countries that took part, by region, each with in how many of the projects.

    A project's lead takes part in it at home.
    """
    abroad = ProjectCountry.objects.filter(project__in=found.projects)
    abroad = abroad.exclude(role=ProjectCountry.Role.LEAD)
    countries = Country.objects.filter(project_countries__in=abroad)
    shared = countries.annotate(shared=Count("project_countries__project", distinct=True))
    by_name = sorted(shared, key=lambda one: sort_key(str(one)))
    return by_region([(country, country.shared) for country in by_name])


@require_safe
def sector(request, slug):
    """Lead from the address of a sector to its topic, or else to the list of its projects."""
    sector = get_object_or_404(Sector.objects.select_related("topic"), slug=slug)
    of_projects = f"{reverse('projects:list')}?sector={sector.slug}"
    address = sector.topic.get_absolute_url() if sector.topic else of_projects
    return redirect(samples.keep(address), permanent=True)
