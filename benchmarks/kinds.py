"""The kinds of page that are timed, what is asked of each, and how fast it should be made anew."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import batched, combinations, product
from pathlib import Path
from random import Random
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from meetings.models import Meeting
from members.directory.filters import InstitutionFilter
from members.models import Institution
from projects.catalogue.filters import ProjectFilter
from projects.models import Project
from sscnet.codelists.models import Topic
from sscnet.core.records import samples
from sscnet.facets.engine import current
from sscnet.facets.filterset import ListFilterSet
from sscnet.facets.params import NOT_STATED
from tests.many_records import COMPONENTS

LISTING = "/projects/"
# All that is measured asks for the samples: they are nearly all that the database holds.
EVERYTHING = f"{LISTING}?samples=1"
WORDS = ["bamboo", "biogas", "training", "hydropower", "竹", "沼气", "培训", "小水电"]
NEEDS = Path("tests/search/needs.csv").read_text(encoding="utf-8").splitlines()[1:]
FILTERS = ("country", "sector", "sdg", "status")
# A combination of three filters should fill half a page at least.
LEAST_FOUND = 12
# So many addresses a kind at the most, and of lists by filters at least.
MOST, FEWEST = 100, 40


@dataclass(frozen=True)
class Kind:
    """A kind of page; `share` is the least share of LIMIT's requests a second when made anew."""

    name: str
    label: str
    share: float


# Each word is asked for once: a process keeps what it found.
NEW_WORD = Kind("new_word", "a word not asked before, in a third of all", 0.03)
ALL = (
    Kind("list", "list, no filter", 0.08),
    Kind("one", "list, one filter", 0.06),
    Kind("three", "list, three filters", 0.06),
    Kind("word", "list, a word and two filters", 0.045),
    NEW_WORD,
    # Of the same words, in every kind of record.
    Kind("search", "search over everything", 0.02),
    Kind("page", "project page", 0.075),
    Kind("need", "search by need", 0.02),
    *(Kind(name, name, 0.05) for name in ("home", "country", "topic", "goal")),
    *(Kind(name, name, 0.05) for name in ("institution", "meeting", "activities", "directory")),
    Kind("directory_filtered", "directory, one filter", 0.05),
    Kind("compare", "four projects side by side", 0.05),
)
# Those whose pages are asked for a second time.
KEPT = tuple(kind for kind in ALL if kind is not NEW_WORD)


def addresses() -> dict[str, list[str]]:
    """Choose what is asked of each kind from the records there are."""
    with samples.shown(True):
        return {name: [samples.keep(path) for path in paths] for name, paths in choose().items()}


def choose() -> dict[str, list[str]]:
    projects, directory = Values(ProjectFilter), Values(InstitutionFilter)
    paths = {
        "list": listing(page=range(1, 31)),
        "one": projects.addresses(1),
        "three": projects.addresses(3),
        "word": listing(
            q=WORDS, country=projects.codes["country"], sector=projects.codes["sector"]
        ),
        "new_word": listing(q=new_words()),
        "search": listing(reverse("secretariat:search"), q=new_words(), all=["1"]),
        "need": listing(reverse("secretariat:search"), q=(row.split(",")[0] for row in NEEDS)),
        "page": some(Project.objects.published().filter(is_sample=True)),
        "home": ["/"],
        **{
            kind: [reverse(f"landing:{name}", args=[code]) for code in projects.codes[name]]
            for kind, name in (("country", "country"), ("goal", "sdg"))
        },
        "topic": some(Topic.objects),
        "institution": some(Institution.objects.published().filter(is_sample=True).members()),
        "meeting": some(Meeting.objects.published()),
        "activities": listing(reverse("meetings:activities:list"), page=[1, 2]),
        "directory": listing(reverse("members:list"), page=[1, 2]),
        "directory_filtered": directory.addresses(1, ("sector", "province", "kind"), least=1),
        "compare": comparisons(),
    }
    for one in paths.values():
        Random(1).shuffle(one)
    return {name: one if name == "new_word" else one[:MOST] for name, one in paths.items()}


class Values:
    """The values of a list's filters, the commonest first, and what is found by them."""

    def __init__(self, filterset: type[ListFilterSet]):
        self.filterset = filterset
        everything = filterset.listing(QueryDict(), current(filterset))
        self.index = everything.index
        self.address = reverse(f"{filterset.listed().model._meta.app_label}:list")
        self.codes = {
            facet.name: [value.code for value in facet.in_sight if value.code != NOT_STATED]
            for facet in everything.facets
        }

    def addresses(self, filters: int, names=FILTERS, least: int = LEAST_FOUND) -> list[str]:
        """Return the lists by so many filters that find enough; if few do, more that find most."""
        found = [
            (self.filterset.listing(QueryDict(query), self.index).count, f"{self.address}?{query}")
            for several in combinations(names, filters)
            for query in queries({name: self.codes[name] for name in several})
        ]
        found.sort(reverse=True)
        enough = sum(count >= least for count, _path in found)
        return [path for _count, path in found[: max(enough, FEWEST)]]


def listing(address: str = LISTING, /, **values: Iterable) -> list[str]:
    """Combine the values of each parameter to addresses of a list."""
    return [f"{address}?{query}" for query in queries(values)]


def queries(values: dict[str, Iterable]) -> list[str]:
    combined = product(*values.values())
    return [urlencode(dict(zip(values, several, strict=True))) for several in combined]


def some(records: QuerySet) -> list[str]:
    """Return the addresses of some records' pages, spread over all."""
    step = max(1, records.count() // MOST)
    return [record.get_absolute_url() for record in records.order_by("pk")[::step]]


def comparisons() -> list[str]:
    codes = Project.objects.published().filter(is_sample=True).order_by("pk")[: 4 * MOST]
    fours = batched(codes.values_list("code", flat=True), 4)
    return [f"{reverse('projects:compare')}?{urlencode({'id': ids}, doseq=True)}" for ids in fours]


def new_words() -> list[str]:
    """List words that nobody asked for, each in ten of 24 projects.

    A word counts as new with a letter or two less, since the search takes the last word as the
    beginning of one.
    """
    english = [en[: len(en) - n] for en, _zh in COMPONENTS for n in range(4)]
    return [zh for _en, zh in COMPONENTS] + english
