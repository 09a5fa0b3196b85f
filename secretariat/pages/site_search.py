"""One search over everything that is public, in groups."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from meetings.models import Meeting
from members.models import Institution
from projects.calls.models import Call
from projects.catalogue.filters import ProjectFilter
from projects.catalogue.results import results
from projects.models import Project
from sscnet.codelists.models import SDG, Country, Topic
from sscnet.core.database.stamps import CALLS, MEETINGS, PAGES, REGISTRATIONS
from sscnet.core.pages.page_cache import keep_until_changed
from sscnet.core.records import samples
from sscnet.facets.engine import of_request
from sscnet.search import Found, matching_each, ranked_each
from sscnet.search.lists import text_of

from ..models import Page, Publication
from .site_records import is_named, read_records

# So many of a kind are shown whose list has the others; of the rest all, up to a bound.
IN_SIGHT = 5
MOST = 50


@dataclass(frozen=True)
class SearchKind:
    """A kind of record; `list` is the name of the list that takes the words, if there is one."""

    key: str
    label: Any
    model: type[Model]
    list: str = ""

    @property
    def most(self) -> int:
        return IN_SIGHT if self.list else MOST


@dataclass(frozen=True)
class SearchGroup:
    kind: SearchKind
    count: int
    records: list
    list_address: str


KINDS = [
    SearchKind("topic", _("Topics"), Topic),
    SearchKind("country", _("Countries"), Country),
    SearchKind("sdg", _("Goals (SDGs)"), SDG),
    SearchKind("institution", _("Institutions"), Institution, "members:list"),
    SearchKind("project", _("Projects"), Project, "projects:list"),
    SearchKind("meeting", _("Meetings"), Meeting, "meetings:list"),
    SearchKind("call", _("Calls"), Call, "calls:list"),
    SearchKind("publication", _("Publications"), Publication),
    SearchKind("page", _("Pages"), Page),
]


@require_safe
@keep_until_changed(*ProjectFilter.topics, MEETINGS, REGISTRATIONS, CALLS, PAGES)
def search(request):
    """Show what was found in groups; `all=1` also where one record has just this name or number."""
    text, is_all = text_of(request), "all" in request.GET
    if not is_all and (project := Project.objects.with_address().numbered(text).first()):
        return redirect(address_for(project, text))
    found = matching_each(text, [kind.key for kind in KINDS]) if text else {}
    request.is_provisional = any(one.is_behind for one in found.values())
    ids = shown_ids(found)
    records = read_records({kind.key: (kind.model, ids.get(kind.key, [])) for kind in KINDS})
    named = [one for several in records.values() for one in several if is_named(text, one)]
    if len(named) == 1 and not is_all:
        return redirect(address_for(named[0], text))
    context = {
        "text": text,
        "groups": groups_of(request, found, ids, records),
        "corrected": first(one.text for one in found.values() if one.is_corrected),
        "suggestion": first(one.suggestion for one in found.values()),
    }
    return render(request, "secretariat/search.html", context)


def address_for(record, text: str) -> str:
    """Return the address of the one record meant, with the words: its page shows the way back."""
    address = samples.keep(record.get_absolute_url())
    return f"{address}{'&' if '?' in address else '?'}{urlencode({'searched': text})}"


def first(texts: Iterable[str]) -> str:
    return next(filter(None, texts), "")


def shown_ids(found: dict[str, Found]) -> dict[str, list]:
    """Return of each kind the ids that are shown, the best first."""
    ranked = ranked_each(found, enough=IN_SIGHT) if found else {}
    return {kind.key: ranked[kind.key][: kind.most] for kind in KINDS if kind.key in ranked}


def groups_of(request, found, ids, records) -> list[SearchGroup]:
    if ids.get("project"):
        index = of_request(request, ProjectFilter)
        records["project"] = results(index, ids["project"], found["project"].text)
    if ids.get("meeting"):
        meetings = Meeting.objects.public().in_bulk(ids["meeting"])
        records["meeting"] = [meetings[pk] for pk in ids["meeting"] if pk in meetings]
    return [
        SearchGroup(kind, len(one.ids), records[kind.key], list_address(kind, one))
        for kind in KINDS
        if (one := found.get(kind.key)) and records[kind.key]
    ]


def list_address(kind: SearchKind, found: Found) -> str:
    if not kind.list:
        return ""
    return samples.keep(f"{reverse(kind.list)}?{urlencode({'q': found.text})}")
