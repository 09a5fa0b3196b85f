"""One search over everything that is public, in groups."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from meetings.models import Meeting
from members.models import Institution
from projects.calls.models import Call
from projects.filters import ProjectFilter
from projects.models import Project
from projects.results import results
from sscnet.codelists.models import SDG, Country, Sector
from sscnet.core import samples
from sscnet.facets.engine import of_request
from sscnet.search import Found, exact, matching_each

from .models import Page

# How many are shown: of projects, whose list has the others, and of each other kind.
PROJECTS_IN_SIGHT = 5
MOST = 50


@dataclass(frozen=True)
class SearchKind:
    key: str
    label: Any
    records: Callable[[], QuerySet]


@dataclass(frozen=True)
class SearchGroup:
    kind: SearchKind
    count: int
    records: list


KINDS = [
    SearchKind("country", _("Countries"), Country.objects.all),
    SearchKind("sector", _("Sectors"), Sector.objects.all),
    SearchKind("sdg", _("Goals (SDGs)"), SDG.objects.all),
    SearchKind("institution", _("Institutions"), Institution.objects.public),
    SearchKind("project", _("Projects"), Project.objects.public),
    SearchKind("meeting", _("Meetings"), Meeting.objects.public),
    SearchKind("call", _("Calls"), Call.objects.public),
    SearchKind("page", _("Pages"), Page.objects.published),
]

HAVE_NAMES = {"country", "sector", "sdg", "institution"}


@require_safe
def search(request):
    text = request.GET.get("q", "").strip()
    if project := exact(text):
        return redirect(Project.objects.get(pk=project))
    found = matching_each(text, [kind.key for kind in KINDS]) if text else {}
    groups = [group_of(request, kind, found[kind.key]) for kind in KINDS if found]
    if record := named(text, groups):
        return redirect(samples.keep(record.get_absolute_url()))
    context = {
        "text": text,
        "all_projects": reverse("projects:list") + "?" + urlencode({"q": text}),
        "groups": [group for group in groups if group.count],
        "corrected": first(one.text for one in found.values() if one.is_corrected),
        "suggestion": first(one.suggestion for one in found.values() if not one.ids),
    }
    return render(request, "secretariat/search.html", context)


def first(texts: Iterable[str]) -> str:
    return next(filter(None, texts), "")


def named(text: str, groups: list[SearchGroup]):
    """Return the one country, sector, goal or institution whose name the text is; else None."""
    records = [
        record
        for group in groups
        if group.kind.key in HAVE_NAMES
        for record in group.records
        if is_name(text, record)
    ]
    return records[0] if len(records) == 1 else None


def is_name(text: str, record) -> bool:
    names = (record.name, record.name_zh_hans)
    return text.casefold() in {name.casefold() for name in names if name}


def group_of(request, kind: SearchKind, found: Found) -> SearchGroup:
    if kind.key == "project":
        ids = found.ranked(found.ids, enough=PROJECTS_IN_SIGHT)[:PROJECTS_IN_SIGHT]
        records = results(of_request(request, ProjectFilter), ids, found.text)
        return SearchGroup(kind, len(found.ids), records)
    ids = found.ranked(found.ids)[:MOST]
    by_key = kind.records().in_bulk(ids)
    return SearchGroup(kind, len(found.ids), [by_key[pk] for pk in ids if pk in by_key])
