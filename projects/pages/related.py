"""Projects that have something in common with one, and what: never one without a reason."""

from collections import defaultdict
from dataclasses import dataclass
from heapq import nsmallest
from math import log

from django.utils.translation import get_language, gettext

from sscnet.facets.engine import Index
from sscnet.facets.params import NOT_STATED

from ..catalogue.results import reading
from ..models import Project

MOST = 4
MOST_REASONS = 3
# What makes projects alike; that both are completed or of the Fund says nothing.
COMPARED = ("sector", "country", "sdg", "institution", "area")


@dataclass(frozen=True)
class Shared:
    """A value that a project has, by facet and code, and how much it says: the rarer the more."""

    facet: str
    code: str
    weight: float


def related_results(project_id: int, index) -> list[tuple[Project, list[str]]]:
    """Return the projects most like this one, each with the reasons."""
    reasons = related_to(project_id, index)
    return [(project, reasons[project.pk]) for project in reading().of_ids(list(reasons))]


def related_to(project_id: int, index) -> dict[int, list[str]]:
    """Return the published projects most like this one, each with what they share, in words.

    A shared value weighs the more the fewer projects have it; one that all have weighs nothing and
    is no reason.
    """
    if project_id not in index.all:
        return {}
    shared = what_it_has(project_id, index)
    weights: dict[int, float] = defaultdict(float)
    for value in shared:
        for other in index.records_of(value.facet, value.code):
            weights[other] += value.weight
    weights.pop(project_id, None)
    best = nsmallest(MOST, weights, key=lambda other: (-weights[other], -other))
    return {
        other: in_words([v for v in shared if other in index.records_of(v.facet, v.code)], index)
        for other in best
    }


def what_it_has(project_id: int, index: Index) -> list[Shared]:
    """List what the project shares with others, the rarest first."""
    shared = [
        Shared(facet, code, log(len(index.all) / len(ids)))
        for facet in COMPARED
        for code, ids in index.values[facet].items()
        if code != NOT_STATED and project_id in ids and 1 < len(ids) < len(index.all)
    ]
    # Of equal weight in one order, whatever else is in the index.
    return sorted(shared, key=lambda v: (-v.weight, COMPARED.index(v.facet), v.code))


def in_words(shared: list[Shared], index: Index) -> list[str]:
    """Return what is shared: also bamboo, also in Viet Nam."""
    phrases = {
        "country": gettext("also in %(name)s"),
        "institution": gettext("also of %(name)s"),
        "area": gettext("also in the PGTF area “%(name)s”"),
    }
    filters = index.filterset.base_filters
    reasons = []
    for value in shared[:MOST_REASONS]:
        name = index.labels(filters[value.facet]).get(value.code, value.code)
        if value.facet == "sector" and get_language() == "en":
            name = name[:1].lower() + name[1:]
        reasons.append(phrases.get(value.facet, gettext("also %(name)s")) % {"name": name})
    return reasons
