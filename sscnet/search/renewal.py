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

from django.db import connection, transaction
from django.db.models import DateTimeField, Value

from sscnet.core.database import stamps as changes
from sscnet.core.database.sql import execute, fetch

from .documents import DocumentBuilder, Documents, kinds

# What a visitor waits for at most: about a third of a second.
INLINE = 200
BATCH = 500
# Any number that no other advisory lock of the portal uses.
LOCK = 7_301_001
COMMIT = (
    "set_config('synchronous_commit', coalesce(%s, current_setting('synchronous_commit')), true)"
)

# A column for a statement that searches, so that looking costs no statement of its own.
STATE = f"""json_build_object(
    'stamps', (SELECT json_object_agg(topic, stamp) FROM ({changes.STAMPS}) AS log (topic, stamp)),
    'held', (SELECT json_object_agg(kind, stamp) FROM search_renewal),
    'behind', (SELECT json_agg(kind) FROM search_renewal WHERE is_behind)
)::text"""  # noqa: S608

# The newest change first. What is gone or no longer public goes at once, however much it is.
STALE = """
WITH stale AS (
    SELECT key, record.key IS NULL AS is_gone, record.updated_at
    FROM (SELECT pk::text, updated_at::timestamptz FROM ({records}) AS record (pk, updated_at))
        AS record (key, updated_at)
    FULL JOIN (SELECT key, updated_at FROM search_document WHERE kind = %s) AS held USING (key)
    WHERE record.key IS NULL OR held.key IS NULL OR record.updated_at IS NULL
        OR record.updated_at IS DISTINCT FROM held.updated_at
), removed AS (
    DELETE FROM search_document AS document USING stale
    WHERE is_gone AND kind = %s AND document.key = stale.key
)
SELECT key FROM stale WHERE NOT is_gone ORDER BY updated_at DESC NULLS LAST LIMIT %s
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
# What no document holds any more.
FORGET_WORDS = """
DELETE FROM search_word WHERE lexeme NOT IN (
    SELECT word FROM ts_stat('SELECT words FROM search_document')
    UNION SELECT word FROM ts_stat('SELECT names FROM search_document')
)
"""
HOLD = """
INSERT INTO search_renewal (kind, stamp, is_behind) VALUES (%s, %s, %s)
ON CONFLICT (kind) DO UPDATE SET stamp = EXCLUDED.stamp, is_behind = EXCLUDED.is_behind
"""


@dataclass(frozen=True)
class RenewalState:
    """The state of the records, and that of which the documents are true; see `STATE`."""

    stamps: dict[str, str]
    held: dict[str, str]
    behind: list[str]

    @classmethod
    def read(cls, column: str) -> "RenewalState":
        given = json.loads(column)
        stamps = dict.fromkeys(changes.TOPICS, changes.NEVER_CHANGED) | (given["stamps"] or {})
        return cls(stamps, given["held"] or {}, given["behind"] or [])

    def stamp(self, kind: str) -> str:
        return changes.stamp_of(kinds[kind].topics, self.stamps)

    def stale(self, asked: Iterable[str]) -> list[str]:
        """Return the kinds of which records may have changed."""
        return [kind for kind in asked if self.held.get(kind) != self.stamp(kind)]


def current_state() -> RenewalState:
    [(state,)] = fetch(f"SELECT {STATE}")
    return RenewalState.read(state)


def refresh(asked: Iterable[str], state: RenewalState) -> bool:
    """Renew what changed in these kinds, for a search; return whether more is left to renew.

    Readers wait for the process that renews. Where more waits than one search renews, one at a time
    renews and the others read what there is.
    """
    is_long = any(kind in state.behind for kind in state.stale(asked))
    with locked(is_waiting=not is_long) as is_ours:
        state = current_state()
        for kind in state.stale(asked) if is_ours else ():
            # One that waited for a whole renewal does not renew again.
            if is_long or kind not in state.behind:
                renew(kind, state, INLINE)
    return bool(current_state().stale(asked))


def refresh_all() -> int:
    """Renew all that changed, in batches that searches need not wait for; return how many."""
    total = 0
    while stale := (state := current_state()).stale(kinds):
        with locked():
            total += renew(stale[0], state, BATCH)
    return total


def rebuild() -> int:
    """Make every document anew, in batches that searches need not wait for; return how many."""
    total = 0
    for documents in kinds.values():
        keys = list(documents.records().order_by("pk").values_list("pk", flat=True))
        for batch in batched(keys, BATCH):
            with locked():
                write(documents.make(batch))
        total += len(keys)
    with locked():
        execute("DELETE FROM search_renewal")
    # What is gone, and what changed meanwhile.
    refresh_all()
    with locked():
        execute(FORGET_WORDS)
        execute("ANALYZE search_document, search_word")
    return total


@contextmanager
def locked(*, is_waiting: bool = True) -> Iterator[bool]:
    """Take the lock on renewing until the transaction ends; return whether it was free.

    What is made from the records can be made again, so its commit waits for no replica; where a
    caller writes in the same transaction, that one does.
    """
    lock = "pg_advisory_xact_lock" if is_waiting else "pg_try_advisory_xact_lock"
    commit = None if connection.in_atomic_block else "local"
    with transaction.atomic():
        [(is_ours, _)] = fetch(f"SELECT {lock}(%s), {COMMIT}", [LOCK, commit])
        yield is_waiting or is_ours


def renew(kind: str, state: RenewalState, most: int) -> int:
    """Renew up to so many documents; return how many differed.

    Of kinds without a moment all are made: they are few, and only what differs is written.
    """
    documents = kinds[kind]
    keys = stale_keys(documents, most + 1 if documents.is_dated else None)
    is_behind = documents.is_dated and len(keys) > most
    written = write(documents.make(keys[:most] if is_behind else keys))
    stamp = state.held.get(kind, "") if is_behind else state.stamp(kind)
    execute(HOLD, [kind, stamp, is_behind])
    return written


def stale_keys(documents: Documents, most: int | None) -> list[str]:
    moment = "updated_at" if documents.is_dated else Value(None, DateTimeField())
    rows = documents.records().order_by().values_list("pk", moment)
    sql, values = rows.query.sql_with_params()
    kind = documents.kind
    rows = fetch(STALE.format(records=sql), [*values, kind, kind, most])
    return [key for (key,) in rows]


def write(made: Iterable[DocumentBuilder]) -> int:
    """Write documents and their words; return how many of them differed."""
    made = list(made)
    known, of_real = {}, set()
    for document in made:
        its = document.words.words | document.names.words
        known |= its
        if not document.is_sample:
            of_real |= its.keys()
    # In one order, so that two writers never wait for each other.
    words = sorted(known)
    written = execute(WRITE, columns(made))
    lexemes, of_samples = [known[word] for word in words], [word not in of_real for word in words]
    execute(WRITE_WORDS, [words, lexemes, of_samples])
    return written


def columns(made: list[DocumentBuilder]) -> list[list]:
    """Return what `FRESH` takes."""
    rows = [document.row() for document in made]
    return [[row[n] for row in rows] for n in range(FRESH.count("%s"))]
