"""Pages of topics: whom to ask, and what was done. They stand in place of pages of sectors.

A record belongs to a topic whose words it has, or one of whose sectors; the search finds both.
"""

from dataclasses import dataclass
from functools import cache
from itertools import islice

from django.db.models import Count, Q
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from meetings.models import Meeting, MeetingCountry
from meetings.programme.related import when
from members.directory.filters import InstitutionFilter
from members.directory.topics import with_topics
from members.models import Institution
from projects.catalogue.filters import ProjectFilter
from projects.models import Document, Project, ProjectCountry
from sscnet.codelists.models import Country, Sector, Topic
from sscnet.codelists.regions import by_region
from sscnet.core.database.sql import IsAmong
from sscnet.core.database.stamps import MEETINGS, NEEDS, SOURCES
from sscnet.core.i18n.texts import SENTENCE, translated
from sscnet.core.models import Source
from sscnet.core.pages.page_cache import keep_until_changed
from sscnet.core.pages.statements import RecordReader, record_of, row, rows_of
from sscnet.core.records import samples
from sscnet.facets.engine import of_request

from ..models import Publication

# A topic with fewer projects and meetings says so.
FEW = 3
IN_SIGHT = 5
KINDS = ["institution", "project", "meeting", "publication"]


@dataclass(frozen=True)
class TopicRecords:
    """A topic, and the ids of the public records that belong to it."""

    topic: Topic
    institution: set[int]
    project: set[int]
    meeting: set[int]
    publication: set[int]

    @property
    def count(self) -> int:
        return len(self.project) + len(self.meeting)

    @property
    def has_few(self) -> bool:
        return self.count < FEW


def with_records(request, **which) -> list[TopicRecords]:
    found = with_topics(*KINDS, **which)
    return [TopicRecords(topic, **ids) for topic, ids in found]


@require_safe
@keep_until_changed(*ProjectFilter.topics, MEETINGS)
def topics(request):
    return render(request, "secretariat/topics.html", {"found": with_records(request)})


@require_safe
@keep_until_changed(*ProjectFilter.topics, MEETINGS, SOURCES, NEEDS)
def topic(request, slug):
    found = next(iter(with_records(request, slug=slug)), None)
    if found is None:
        raise Http404
    topic, index = found.topic, of_request(request, ProjectFilter)
    newest = ProjectFilter.listing(QueryDict(), index).ids
    ids = list(islice((pk for pk in newest if pk in found.project), IN_SIGHT))
    projects = Project.objects.filter(IsAmong.ids(list(found.project))).order_by()
    text = translated(topic, "text")
    first = SENTENCE.match(text.value)
    question = _("Topic: %(topic)s. We work in … and would like to know …") % {"topic": topic}
    kinds = [Document.Kind.FINAL_REPORT, Document.Kind.PUBLICATION]
    documents = Document.objects.filter(project__in=projects, kind__in=kinds)
    held = meetings().of_ids(list(found.meeting))
    context = {
        "topic": topic,
        "found": found,
        "text": text,
        "lede": first[0] if first else text.value,
        "question": question,
        "institutions": whom_to_ask(found.institution, projects),
        "projects": ProjectFilter.read(ids),
        "meetings": sorted(held, key=when, reverse=True)[:IN_SIGHT],
        "publications": Publication.objects.filter(pk__in=found.publication)[:IN_SIGHT],
        "known": [record_of(Source, one) for one in topic.known],
        "documents": documents.order_by("-dated", "pk")[:IN_SIGHT],
        "regions": taking_part(projects, found.meeting),
    }
    return render(request, "secretariat/topic.html", context)


@cache
def meetings() -> RecordReader[Meeting]:
    workshops = rows_of(Meeting, "workshops").values_list(row("title", "i18n"))
    return RecordReader.of(Meeting.objects.published(), {"workshops": workshops})


def whom_to_ask(ids: set[int], projects) -> list[Institution]:
    """Return who has most of the projects first."""
    theirs = Q(project_institutions__project__in=projects)
    shared = Count("project_institutions__project", filter=theirs, distinct=True)
    named = Institution.objects.public().filter(pk__in=ids).annotate(shared=shared)
    first = named.order_by("-shared", "name_i18n").values_list("pk", flat=True)
    return InstitutionFilter.read(first[:IN_SIGHT])


def taking_part(projects, meetings) -> list[tuple[str, list]]:
    """Return the countries by region, each with in how many of these records; no lead at home."""
    abroad = ProjectCountry.objects.filter(project__in=projects).exclude(role="lead")
    joined = MeetingCountry.objects.filter(meeting__in=meetings)
    theirs, joint = Q(project_countries__in=abroad), Q(meeting_countries__in=joined)
    countries = Country.objects.filter(theirs | joint).annotate(
        shared=Count("project_countries", filter=theirs, distinct=True)
        + Count("meeting_countries", filter=joint, distinct=True)
    )
    return by_region((country, country.shared) for country in countries)


@require_safe
def sector(request, slug):
    """Lead from the address of a sector to its topic, or else to the list of its projects."""
    sector = get_object_or_404(Sector.objects.select_related("topic"), slug=slug)
    of_projects = f"{reverse('projects:list')}?sector={sector.slug}"
    address = sector.topic.get_absolute_url() if sector.topic else of_projects
    return redirect(samples.keep(address), permanent=True)
