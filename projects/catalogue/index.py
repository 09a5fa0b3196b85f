"""What the catalogue keeps in memory: a bitmap of project ids for each value of each facet.

One `Index` a process, never changed: an edit gives a new one that shares what did not change, so
whoever holds one sees one state of the records. `current()` asks the log of changes, in one query,
whether the process's index is still true, and mends it first if not.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.db import connection
from django.utils.translation import get_language
from pyroaring import BitMap

from sscnet.catalogue.collation import sort_key
from sscnet.catalogue.declaration import NOT_STATED, Facet

from .. import search
from . import changes
from .declaration import FACETS, SORT_COLUMNS
from .given import Given
from .keys import Keys
from .matches import NOBODY, Matches, union
from .orders import Sorted
from .reading import Values, read_everything, read_few, read_keys

# Of so many searches the results are kept, 12 KB each at the most when there are 100,000 projects.
MOST_TEXTS = 200
# Of other things that are made once for each state of the records.
MOST_MADE = 500


@dataclass(frozen=True)
class Index:
    """One state of the published projects.

    `values` holds for each facet the projects of each code, those *not stated* under `none`; for a
    facet that qualifies another, also those of the other in each of its codes (`reading.both`).
    `words`, `found` and `made` are filled when they are asked for; a mended index starts without
    what may have changed. `stamp` names the state, alike in every process.
    """

    facets: tuple[Facet, ...]
    all: BitMap
    values: dict[str, Values]
    keys: Keys
    orders: dict[str, Sorted]
    words: dict[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)
    found: dict[str, "Answer"] = field(default_factory=dict)
    made: dict = field(default_factory=dict)
    stamp: str = ""

    def projects_of(self, facet: str, code: str) -> BitMap:
        return self.values[facet].get(code, NOBODY)

    def select(self, given: Given) -> Matches:
        return Matches(self, given)

    def answer(self, text: str) -> "Answer":
        """Search; asked once for each state of the records."""
        if answer := self.found.get(text):
            return answer
        found = search.matching(text)
        answer = Answer.of(found)
        if not found.is_behind:
            put_into(self.found, text, answer, MOST_TEXTS)
        return answer

    def make_once(self, key, make: Callable[[], object]):
        """Give what was made before from this state of the records, or make it."""
        if key not in self.made:
            put_into(self.made, key, make(), MOST_MADE)
        return self.made[key]

    def labels(self, facet: Facet) -> Mapping[str, str]:
        """Give the words of the facet's codes in the language of the page, in their order."""
        key = facet.name, get_language()
        if key not in self.words:
            self.words[key] = in_order(facet.labels())
        return self.words[key]


def in_order(labels: Mapping[str, str]) -> Mapping[str, str]:
    if not isinstance(labels, dict):
        return labels
    return dict(sorted(labels.items(), key=lambda item: sort_key(item[1])))


def put_into(kept: dict, key, value, most: int) -> None:
    """Keep a value; when there are too many, all start anew."""
    if len(kept) >= most:
        kept.clear()
    kept[key] = value


@dataclass(frozen=True)
class Answer:
    """What a search found, small enough to be kept."""

    ids: BitMap
    question: search.Found
    collect: Callable = BitMap

    @cached_property
    def titles(self) -> BitMap:
        return self.collect(self.question.title_ids)

    @cached_property
    def institutions(self) -> BitMap:
        return self.collect(self.question.institution_ids)

    @property
    def is_everything(self) -> bool:
        return self.question.is_everything

    @property
    def corrected(self) -> str:
        """Give what was searched for instead, because what was asked finds nothing."""
        return self.question.text if self.question.is_corrected else ""

    @property
    def suggestion(self) -> str:
        """Give another spelling to offer."""
        return "" if self.question.is_corrected else self.question.suggestion

    @classmethod
    def of(cls, found: search.Found, collect: Callable = BitMap) -> "Answer":
        return cls(collect(found.ids), replace(found, ids=[]), collect)


# ---------------------------------------------------------------- building and mending


def build(facets=None) -> Index:
    """Read everything."""
    facets = tuple(FACETS if facets is None else facets)
    keys = Keys.of(read_keys())
    everybody = BitMap(keys.ids())
    values = {
        name: published(by_code, everybody) for name, by_code in read_everything(facets).items()
    }
    for facet in facets:
        put(values[facet.name], NOT_STATED, everybody - union(values[facet.name].values()))
    orders = {name: Sorted.of(name, keys) for name in SORT_COLUMNS}
    return Index(facets, everybody, values, keys, orders)


def mend(index: Index, ids: list[int], *, names: bool = False) -> Index:
    """Read these projects anew and give the index that is true of them."""
    if not ids:
        words = {} if names else index.words
        return replace(index, words=words, found={}, made={})
    rows = dict(read_keys(ids))
    changed, there = BitMap(ids), BitMap(rows)
    few = {name: published(values, there) for name, values in read_few(index.facets, ids).items()}
    for facet in index.facets:
        put(few[facet.name], NOT_STATED, there - union(few[facet.name].values()))
    values = {
        name: mended(index.values.get(name, {}), changed, few.get(name, {}))
        for name in index.values.keys() | few.keys()
    }
    keys = index.keys.changed(ids, rows)
    orders = {
        name: order.mended(index.keys, keys, ids, there) for name, order in index.orders.items()
    }
    new_codes = any(code not in index.values[f.name] for f in index.facets for code in few[f.name])
    words = {} if names or new_codes else index.words
    everybody = (index.all - changed) | there
    return Index(index.facets, everybody, values, keys, orders, words)


def published(values: Values, everybody: BitMap) -> Values:
    kept = {code: ids & everybody for code, ids in values.items()}
    return {code: ids for code, ids in kept.items() if ids}


def mended(values: Values, changed: BitMap, added: Values) -> Values:
    """Take the changed projects out of all values and put them into theirs."""
    result = values.copy()
    for code, ids in values.items():
        if ids.intersect(changed):
            put(result, code, ids - changed)
    for code, ids in added.items():
        result[code] = result.get(code, NOBODY) | ids
    return result


def put(values: Values, code: str, ids: BitMap) -> None:
    """Set the projects of a code; a code of nobody is not kept."""
    if ids:
        values[code] = ids
    else:
        values.pop(code, None)


# ---------------------------------------------------------------- the process's own index


@dataclass(frozen=True)
class Kept:
    """An index, the snapshot of the database that it is true of, and when that was."""

    index: Index
    database: str
    snapshot: str
    at: float

    def can_follow(self, news: changes.News) -> bool:
        """Tell whether the log can say what happened since; older rows of it are trimmed."""
        return self.database == news.database and time.time() - self.at < TRUSTED_FOR


TRUSTED_FOR = changes.TRUSTED_FOR.total_seconds()


class Keeper:
    """Keeps one index for all threads of the process."""

    def __init__(self):
        self.lock = threading.Lock()
        self.kept: Kept | None = None
        # Of a transaction that has written itself, and may yet be rolled back: nobody else's.
        self.private = threading.local()

    def current(self) -> Index:
        """Give an index that is true now, in one query if nothing changed."""
        while True:
            before = self.kept
            news = changes.look(before.snapshot if before else changes.BEFORE_EVERYTHING)
            known = before if before and before.can_follow(news) else None
            if news.own:
                return self.of_own_transaction(known, news)
            if known and not news.ids:
                self.keep(known.index, news, instead_of=before)
                return known.index
            with self.lock:
                # Another thread may have been quicker, but not have seen what we saw: look again.
                if self.kept is before:
                    if known is None and not connection.in_atomic_block:
                        changes.trim()
                    return self.keep(brought_up(known, news), news, instead_of=before)

    def keep(self, index: Index, news: changes.News, *, instead_of: Kept | None) -> Index:
        if self.kept is instead_of:
            self.kept = Kept(index, news.database, news.snapshot, time.time())
        return index

    def of_own_transaction(self, known: Kept | None, news: changes.News) -> Index:
        """Give what only this transaction sees, until the log tells that it wrote again."""
        if known and not news.ids:
            return known.index
        seen = (news.database, news.own, news.rows, news.last, known and known.snapshot)
        if getattr(self.private, "seen", None) != seen:
            self.private.index, self.private.seen = brought_up(known, news), seen
        return self.private.index

    def forget(self) -> None:
        """Drop what is kept; the next reader builds anew."""
        self.kept = None
        self.private = threading.local()


def brought_up(known: Kept | None, news: changes.News) -> Index:
    if known is None or news.is_everything:
        index = build()
    else:
        index = mend(known.index, news.projects, names=news.has_names)
    return replace(index, stamp=f"{news.database} {news.stamp}")


keeper = Keeper()
current = keeper.current
forget = keeper.forget
