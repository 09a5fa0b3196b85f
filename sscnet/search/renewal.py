"""Keeps the search index true: a search first renews documents older than their records.

A document says of which moment (`updated_at`) of its record it was made; triggers move that on any
real change of the record or its links. `Renewal` says of each kind in which state of the log of
changes all documents were looked at; while that stands, nothing is looked at.

The state is asked first, the records are read after that: a document may be newer than it says,
never older. All is written by the transaction that reads, so whatever it saw of its own is rolled
back with what it wrote.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import batched

from django.db import connection, transaction
from django.db.models import DateTimeField, Value

from sscnet.core.database import stamps as changes
from sscnet.core.database.sql import execute, fetch

from .documents import DocumentBuilder, Documents, kinds

# So many documents are written by one statement.
BATCH = 500
# Any number that no other advisory lock of the portal uses.
LOCK = 7_301_001

WRITE = """
INSERT INTO search_document (kind, key, updated_at, words, titles, names, pinyin, is_sample)
VALUES (%s, %s, %s, %s::tsvector, %s::tsvector, %s::tsvector, %s, %s)
ON CONFLICT (kind, key) DO UPDATE SET
    updated_at = EXCLUDED.updated_at, words = EXCLUDED.words, titles = EXCLUDED.titles,
    names = EXCLUDED.names, pinyin = EXCLUDED.pinyin, is_sample = EXCLUDED.is_sample
WHERE search_document.* IS DISTINCT FROM EXCLUDED.*
"""
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


def refresh(asked: Iterable[str], stamps: dict[str, str] | None = None) -> None:
    """Renew what changed in these kinds, for a search; readers wait for the process that renews.

    `stamps` are those of the log of changes, if they have just been read.
    """
    if stale(asked, stamps):
        with locked():
            # Somebody else may have renewed them meanwhile.
            for kind, stamp in stale(asked).items():
                renew(kind, stamp)


def stale(asked: Iterable[str], stamps: dict[str, str] | None = None) -> dict[str, str]:
    """Return the kinds of which records may have changed, each with the stamp of their state."""
    stamps = stamps or changes.stamps()
    held = dict(fetch("SELECT kind, stamp FROM search_renewal"))
    current = {kind: changes.stamp_of(kinds[kind].topics, stamps) for kind in asked}
    return {kind: stamp for kind, stamp in current.items() if held.get(kind) != stamp}


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


def renew(kind: str, stamp: str) -> None:
    """Renew the documents of a kind.

    Of kinds without a moment all are made: they are few, and only what differs is written.
    """
    for batch in batched(stale_keys(kinds[kind]), BATCH):
        write(kinds[kind].make(batch))
    execute(HOLD, [kind, stamp])


def stale_keys(documents: Documents) -> list[str]:
    """Return the records that changed since their document was made, and delete those of no record.

    What is gone or no longer public goes at once.
    """
    moment = "updated_at" if documents.is_dated else Value(None, DateTimeField())
    rows = documents.records().order_by().values_list("pk", moment)
    current = {str(pk): updated_at for pk, updated_at in rows}
    held = dict(
        fetch("SELECT key, updated_at FROM search_document WHERE kind = %s", [documents.kind])
    )
    gone = [documents.kind, list(held.keys() - current.keys())]
    execute("DELETE FROM search_document WHERE kind = %s AND key = ANY (%s)", gone)
    return [key for key, at in current.items() if at is None or held.get(key) != at]


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
    with connection.cursor() as cursor:
        cursor.executemany(WRITE, [document.row() for document in made])
    lexemes, of_samples = [known[word] for word in words], [word not in of_real for word in words]
    execute(WRITE_WORDS, [words, lexemes, of_samples])
