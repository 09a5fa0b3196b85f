"""The kinds of request that are timed, and what the issue asks of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from urllib.parse import urlencode

from sscnet.secretariat.sample.words import Words

COUNTRIES = ["VN", "TH", "ID", "LK", "KE", "KH"]
SECTORS = ["agriculture", "renewable-energy", "trade", "forestry-and-bamboo", "clean-water"]
STATUSES = ["completed", "ongoing", "pipeline"]
WORDS = ["bamboo", "biogas", "training", "hydropower", "竹", "沼气", "培训", "小水电"]
LISTING = "/projects/"
NAIVE_LISTING = "/naive/"


@dataclass(frozen=True)
class Kind:
    """A kind of request: the query strings it is asked with, one after the other.

    `share` is the least share of LIMIT's requests a second.
    """

    name: str
    label: str
    share: float
    queries: tuple[str, ...] = ()
    # Only what NAIVE does too can be compared with it.
    is_compared: bool = True

    @property
    def paths(self) -> list[str]:
        return [f"{LISTING}{query}" for query in self.queries]

    @property
    def naive_paths(self) -> list[str]:
        return [f"{NAIVE_LISTING}{query}" for query in self.queries]


def queries(**values: list[str]) -> tuple[str, ...]:
    """Combine the values of each parameter; neighbours differ in all of them."""
    combined = list(product(*values.values()))
    spread = combined[::7] + [c for n, c in enumerate(combined) if n % 7]
    return tuple(f"?{urlencode(dict(zip(values, c, strict=True)))}" for c in spread[:60])


LISTS = (
    Kind("list", "list, no filter", 0.15, ("",)),
    Kind("one", "list, one filter", 0.12, queries(country=COUNTRIES) + queries(sector=SECTORS)),
    Kind(
        "three",
        "list, three filters",
        0.12,
        queries(country=COUNTRIES, sector=SECTORS, status=STATUSES),
    ),
    Kind(
        "word",
        "list, a word and two filters",
        0.12,
        queries(q=WORDS, country=COUNTRIES, sector=SECTORS),
    ),
)
NEW_WORD = Kind("new_word", "a word not asked before, in a third of all", 0.05, is_compared=False)
PAGE = Kind("page", "project page", 0.2, is_compared=False)
UNCHANGED = Kind("unchanged", "unchanged page, asked with its ETag", 0.5, is_compared=False)


def new_words() -> list[str]:
    """List words that nobody asked for, each in a third of the sample.

    The sample's texts name ten of 24 kinds of work. A word counts as new with a letter or two less,
    since the search takes the last word as the beginning of one.
    """
    components = Words().all("component")
    return [text.zh for text in components] + [word for text in components for word in cut(text.en)]


def new_word_paths(rounds: int) -> list[list[str]]:
    """Give each round words of its own: the second time they would not be new."""
    paths = [f"{LISTING}?{urlencode({'q': word})}" for word in new_words()]
    return [paths[n::rounds] for n in range(rounds)]


def cut(phrase: str) -> Iterator[str]:
    yield phrase
    yield phrase[:-1]
    yield phrase[:-2]
