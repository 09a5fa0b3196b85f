"""What a search found, and in what order it is shown."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sscnet.core.database.sql import fetch

from .documents import kinds
from .query import parse

# Comparing hits costs five microseconds each: so many are compared, the rest stays as it is.
MOST_RANKED = 200
# A lexeme that no document has.
NOTHING = "'=none'"

# Of what was found, so of samples only where they are shown.
HITS = "SELECT keys FROM search_found(ARRAY[%s], %s::tsquery, '{}', true)"
TITLE_HITS = "SELECT search_found_in_titles(%s, %s::tsquery)"

RANK = """
SELECT kind, key
FROM search_document
JOIN unnest(%(kinds)s::text[], %(keys)s::text[]) WITH ORDINALITY AS given (kind, key, place)
    USING (kind, key)
WHERE words IS NOT NULL
ORDER BY
    words @@ %(numbers)s::tsquery DESC,
    titles @@ %(titles)s::tsquery DESC,
    words @@ %(leading)s::tsquery DESC,
    ts_rank(titles, %(titles)s::tsquery, 1)
        + ts_rank(words, %(exact)s::tsquery) * 2 + ts_rank(words, %(words)s::tsquery) DESC,
    place
"""


@dataclass(frozen=True)
class Questions:
    """A question in PostgreSQL's words: as it was asked, and of parts of a document."""

    words: str = ""
    # Without the words that are only begun.
    exact: str = ""
    titles: str = ""
    # Of what leading names alone meet; empty when they do not.
    leading: str = ""


@dataclass(frozen=True)
class Found:
    """What a search found.

    `ids` are the records' keys, in no order. `text` is what was searched for: with `is_corrected`
    another spelling than the one given, because that one finds nothing. `suggestion` is a spelling
    that finds something, the one searched for or, when nothing was found, one to offer.
    `is_everything`: the question is empty.
    """

    text: str
    kind: str
    ids: list = field(default_factory=list)
    is_everything: bool = False
    is_corrected: bool = False
    suggestion: str = ""
    questions: Questions = Questions()

    def ranked(self, ids: Iterable) -> list:
        """Put these records (found ones) in order of relevance: number, title, leading name, rest.

        Hits that are alike stay in the order given. At most MOST_RANKED are compared closely: all,
        or the hits in titles, or none.
        """
        ids = list(ids)
        if len(ids) <= MOST_RANKED:
            return self.compared(ids)
        titles, rest = parted(ids, set(self.title_ids))
        if len(titles) <= MOST_RANKED:
            titles = self.compared(titles)
        by_name, rest = parted(rest, set(self.leading_ids))
        return titles + by_name + rest

    @property
    def title_ids(self) -> list:
        """Return the records that match in their titles alone."""
        titles = self.questions.titles
        return self.ask(TITLE_HITS, [self.kind, titles]) if titles else []

    @property
    def leading_ids(self) -> list:
        """Return the records that match in the names of the leading kind alone."""
        leading = self.questions.leading
        return self.ask(HITS, [self.kind, leading]) if leading else []

    def compared(self, ids: list) -> list:
        return [key for _kind, key in compare({self.kind: self}, {self.kind: ids})]

    def ask(self, sql: str, values) -> list:
        return [key for (keys,) in fetch(sql, values) for key in ids_of(self.kind, keys)]


def ranked_together(found: Mapping[str, Found], *, enough: int) -> list[tuple[str, Any]]:
    """Put what was found of all kinds in one order; of a kind with many hits, the first of them."""
    return compare(
        found,
        {
            kind: one.ids if len(one.ids) <= MOST_RANKED else one.ranked(one.ids)[:enough]
            for kind, one in found.items()
        },
    )


def compare(found: Mapping[str, Found], ids: Mapping[str, list]) -> list[tuple[str, Any]]:
    """Compare these hits closely; all were found by one question."""
    pairs = [(kind, key) for kind, keys in ids.items() for key in keys]
    first = max(found.values(), key=lambda one: len(one.questions.leading))
    if len(pairs) < 2 or not first.questions.words:
        return pairs
    wanted = [part.own for part in parse(first.text).wanted]
    values = {
        "kinds": [kind for kind, _key in pairs],
        "keys": [str(key) for _kind, key in pairs],
        "numbers": " | ".join(own for own in wanted if own.startswith("'n=")) or NOTHING,
        "titles": first.questions.titles,
        "leading": first.questions.leading or NOTHING,
        "exact": first.questions.exact,
        "words": first.questions.words,
    }
    ranked = [(kind, kinds[kind].key(key)) for kind, key in fetch(RANK, values)]
    # At the end what has no document any more: it went meanwhile.
    return ranked + parted(pairs, set(ranked))[1]


def parted(ids: list, those: Collection) -> tuple[list, list]:
    """Split ids into those and the others, each in their order."""
    return [n for n in ids if n in those], [n for n in ids if n not in those]


def ids_of(kind: str, keys: list[str] | None) -> list:
    return list(map(kinds[kind].key, keys or []))
