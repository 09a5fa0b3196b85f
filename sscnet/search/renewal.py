"""Keeps the search index true: a search first renews documents older than their records.

A document says of which moment (`updated_at`) of its record it was made; triggers move that on any
real change of the record or its links. `Renewal` says of each kind in which state of the log of
changes all documents were looked at; while that stands, nothing is looked at.

The state is asked first, the records are read after that: a document may be newer than it says,
never older. All is written by the transaction that reads, so whatever it saw of its own is rolled
back with what it wrote.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import batched

from django.db import transaction
from django.db.models import DateTimeField, Value

from sscnet.core.database import stamps as changes
from sscnet.core.database.sql import execute, fetch

from .documents import DocumentBuilder, Documents, kinds

# So many documents are written by one statement.
BATCH = 500
# Any number that no other advisory lock of the portal uses.
LOCK = 7_301_001

# A column for a statement that searches, so that looking costs no statement of its own.
STATE = f"""json_build_object(
    'stamps', (SELECT json_object_agg(topic, stamp) FROM ({changes.STAMPS}) AS log (topic, stamp)),
    'held', (SELECT json_object_agg(kind, stamp) FROM search_renewal)
)::text"""  # noqa: S608

# What is gone or no longer public goes at once.
STALE = """
WITH stale AS (
    SELECT key, record.key IS NULL AS is_gone
    FROM (SELECT pk::text, updated_at::timestamptz FROM ({records}) AS record (pk, updated_at))
        AS record (key, updated_at)
    FULL JOIN (SELECT key, updated_at FROM search_document WHERE kind = %s) AS held USING (key)
    WHERE record.key IS NULL OR held.key IS NULL OR record.updated_at IS NULL
        OR record.updated_at IS DISTINCT FROM held.updated_at
), removed AS (
    DELETE FROM search_document AS document USING stale
    WHERE is_gone AND kind = %s AND document.key = stale.key
)
SELECT key FROM stale WHERE NOT is_gone
"""

FRESH = """unnest(
    %s::text[], %s::text[], %s::timestamptz[], %s::text[], %s::text[], %s::text[], %s::text[],
    %s::boolean[]
) AS fresh (kind, key, updated_at, words, titles, names, pinyin, is_sample)"""
WRITE = f"""
INSERT INTO search_document (kind, key, updated_at, words, titles, names, pinyin, is_sample)
SELECT kind, key, updated_at, words::tsvector, titles::tsvector, names::tsvector, pinyin, is_sample
FROM {FRESH}
ON CONFLICT (kind, key) DO UPDATE SET
    updated_at = EXCLUDED.updated_at, words = EXCLUDED.words, titles = EXCLUDED.titles,
    names = EXCLUDED.names, pinyin = EXCLUDED.pinyin, is_sample = EXCLUDED.is_sample
WHERE search_document.* IS DISTINCT FROM EXCLUDED.*
"""  # noqa: S608
WRITE_WORDS = """
INSERT INTO search_word (word, lexeme, is_sample)
SELECT * FROM unnest(%s::text[], %s::text[], %s::boolean[])
ON CONFLICT (word) DO UPDATE SET
    lexeme = EXCLUDED.lexeme, is_sample = search_word.is_sample AND EXCLUDED.is_sample
WHERE search_word.lexeme <> EXCLUDED.lexeme OR search_word.is_sample > EXCLUDED.is_sample
"""
HOLD = """
INSERT INTO search_renewal (kind, stamp) VALUES (%s, %s)
ON CONFLICT (kind) DO UPDATE SET stamp = EXCLUDED.stamp
"""


@dataclass(frozen=True)
class RenewalState:
    """The state of the records, and that of which the documents are true; see `STATE`."""

    stamps: dict[str, str]
    held: dict[str, str]

    @classmethod
    def read(cls, column: str) -> "RenewalState":
        given = json.loads(column)
        stamps = dict.fromkeys(changes.TOPICS, changes.NEVER_CHANGED) | (given["stamps"] or {})
        return cls(stamps, given["held"] or {})

    def stamp(self, kind: str) -> str:
        return changes.stamp_of(kinds[kind].topics, self.stamps)

    def stale(self, asked: Iterable[str]) -> list[str]:
        """Return the kinds of which records may have changed."""
        return [kind for kind in asked if self.held.get(kind) != self.stamp(kind)]


def current_state() -> RenewalState:
    [(state,)] = fetch(f"SELECT {STATE}")
    return RenewalState.read(state)


def refresh(asked: Iterable[str]) -> None:
    """Renew what changed in these kinds, for a search; readers wait for the process that renews."""
    with locked():
        state = current_state()
        for kind in state.stale(asked):
            renew(kind, state)


def rebuild() -> int:
    """Make every document anew; return how many there are."""
    with locked():
        execute("DELETE FROM search_renewal; DELETE FROM search_document; DELETE FROM search_word")
        refresh(kinds)
        execute("ANALYZE search_document, search_word")
    return fetch("SELECT count(*) FROM search_document")[0][0]


@contextmanager
def locked() -> Iterator[None]:
    """Take the lock on renewing until the transaction ends."""
    with transaction.atomic():
        fetch("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        yield


def renew(kind: str, state: RenewalState) -> None:
    """Renew the documents of a kind.

    Of kinds without a moment all are made: they are few, and only what differs is written.
    """
    for batch in batched(stale_keys(kinds[kind]), BATCH):
        write(kinds[kind].make(batch))
    execute(HOLD, [kind, state.stamp(kind)])


def stale_keys(documents: Documents) -> list[str]:
    moment = "updated_at" if documents.is_dated else Value(None, DateTimeField())
    rows = documents.records().order_by().values_list("pk", moment)
    sql, values = rows.query.sql_with_params()
    kind = documents.kind
    rows = fetch(STALE.format(records=sql), [*values, kind, kind])
    return [key for (key,) in rows]


def write(made: Iterable[DocumentBuilder]) -> None:
    """Write documents, where they differ, and their words."""
    made = list(made)
    known, of_real = {}, set()
    for document in made:
        its = document.words.words | document.names.words
        known |= its
        if not document.is_sample:
            of_real |= its.keys()
    # In one order, so that two writers never wait for each other.
    words = sorted(known)
    execute(WRITE, columns(made))
    lexemes, of_samples = [known[word] for word in words], [word not in of_real for word in words]
    execute(WRITE_WORDS, [words, lexemes, of_samples])


def columns(made: list[DocumentBuilder]) -> list[list]:
    """Return what `FRESH` takes."""
    rows = [document.row() for document in made]
    return [[row[n] for row in rows] for n in range(FRESH.count("%s"))]
