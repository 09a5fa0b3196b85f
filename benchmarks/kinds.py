"""The kinds of request that are timed, and what is asked of each.

The portal keeps pages it has made, so asking for one address again and again would time a
dictionary. Kinds that are *new* ask for each address once in a run; the others say *again*.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from random import Random
from urllib.parse import urlencode

from sscnet.secretariat.sample.words import Words

LISTING = "/projects/"
NAIVE_LISTING = "/naive/"
COUNTRIES = ["VN", "TH", "ID", "LK", "KE", "KH", "LA", "ET", "MM", "BD", "NP", "PK"]
SECTORS = [
    "agriculture",
    "renewable-energy",
    "trade",
    "training-and-research",
    "environment-and-mountain-areas",
    "fishery-and-aquaculture",
    "forestry-and-bamboo",
    "clean-water",
]
STATUSES = ["completed", "ongoing", "pipeline", "cancelled"]
GOALS = range(1, 18)
WORDS = ["bamboo", "biogas", "training", "hydropower", "竹", "沼气", "培训", "小水电"]
# The same few addresses, where something is asked for again.
AGAIN = 8


@dataclass(frozen=True)
class Kind:
    """A kind of request; `share` is the least share of LIMIT's requests a second."""

    name: str
    label: str
    share: float
    is_new: bool = True
    # Only what NAIVE does too can be compared with it.
    is_compared: bool = False


LISTS = (
    Kind("list", "list, no filter", 0.15, is_compared=True),
    Kind("one", "list, one filter", 0.12, is_compared=True),
    Kind("three", "list, three filters", 0.12, is_compared=True),
    Kind("word", "list, a word and two filters", 0.12, is_compared=True),
)
NEW_WORD = Kind("new_word", "a word not asked before, in a third of all", 0.05)
PAGE = Kind("page", "project page", 0.2)
LIST_AGAIN = Kind("list_again", "list, no filter, the same page again", 0.15, is_new=False)
PAGE_AGAIN = Kind("page_again", "project page, the same again", 0.2, is_new=False)
UNCHANGED = Kind("unchanged", "unchanged page, asked with its ETag", 0.5, is_new=False)
ALL = (*LISTS, NEW_WORD, PAGE, LIST_AGAIN, PAGE_AGAIN, UNCHANGED)


class Addresses:
    """The addresses of each kind, dealt out in parts that have none in common."""

    def __init__(self, pages: list[str], parts: int):
        self.parts = parts
        numbers = range(1, 601)
        self.paths = {
            "list": listing(page=numbers),
            "one": [
                *listing(country=COUNTRIES, page=range(1, 21)),
                *listing(sector=SECTORS, page=range(1, 21)),
                *listing(sdg=GOALS, page=range(1, 21)),
            ],
            "three": listing(country=COUNTRIES, sector=SECTORS, status=STATUSES, page=[1, 2]),
            "word": listing(q=WORDS, country=COUNTRIES, sector=SECTORS),
            "new_word": listing(q=new_words()),
            "page": pages,
        }
        for paths in self.paths.values():
            Random(1).shuffle(paths)

    def of(self, kind: Kind, part: int) -> list[str]:
        """Give the addresses of a part; of kinds that ask again, the same ones for all."""
        again = {"list_again": [LISTING], "unchanged": [LISTING]}
        if kind is PAGE_AGAIN:
            return self.paths["page"][:: self.parts][:AGAIN]
        return again.get(kind.name) or self.paths[kind.name][part :: self.parts]


def listing(**values: Iterable) -> list[str]:
    """Combine the values of each parameter to addresses of the list."""
    combined = product(*values.values())
    return [f"{LISTING}?{urlencode(dict(zip(values, c, strict=True)))}" for c in combined]


def new_words() -> list[str]:
    """List words that nobody asked for, each in a third of the sample.

    The sample's texts name ten of 24 kinds of work. A word counts as new with a letter or two less,
    since the search takes the last word as the beginning of one.
    """
    components = Words().all("component")
    return [text.zh for text in components] + [word for text in components for word in cut(text.en)]


def cut(phrase: str) -> Iterator[str]:
    yield phrase
    yield phrase[:-1]
    yield phrase[:-2]
