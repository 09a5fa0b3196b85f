"""What a search found, and in what order it is shown."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from sscnet.core.database.sql import fetch

from .documents import kinds
from .query import parse

# Comparing hits costs five microseconds each: so many are compared, the rest stays as it is.
MOST_RANKED = 10_000
# A lexeme that no document has.
NOTHING = "'=none'"

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
    ids: Collection = field(default_factory=list)
    is_everything: bool = False
    is_corrected: bool = False
    suggestion: str = ""
    questions: Questions = Questions()

    @property
    def corrected(self) -> str:
        """Return what was searched for instead of a question that finds nothing."""
        return self.text if self.is_corrected else ""

    def ranked(self, ids: Iterable) -> list:
        """Put these records (found ones) in order of relevance: number, title, leading name, rest.

        Hits that are alike stay in the order given, as do those after MOST_RANKED.
        """
        return [key for _kind, key in ranked_together([replace(self, ids=list(ids))])]


def ranked_together(found: Collection[Found]) -> list[tuple[str, Any]]:
    """Put what one question found of several kinds in one order, see `Found.ranked`."""
    every = [(one.kind, key) for one in found for key in one.ids]
    pairs = every[:MOST_RANKED]
    first = max(found, key=lambda one: len(one.questions.leading))
    if len(pairs) < 2 or not first.questions.words:
        return every
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
    # At the end what was not compared, or has no document any more: it went meanwhile.
    return list(dict.fromkeys(ranked + every))
