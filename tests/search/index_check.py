"""Compares what the documents of the search hold with what the records say."""

from collections.abc import Iterator
from itertools import batched

from sscnet.core.database.sql import fetch
from sscnet.search.documents import Documents, kinds
from sscnet.search.renewal import BATCH, FRESH, columns

DIFFERENCES = f"""
SELECT key, CASE
    WHEN fresh.key IS NULL THEN 'should not be there' WHEN held.key IS NULL THEN 'missing'
    ELSE 'out of date' END
FROM {FRESH}
FULL JOIN (SELECT * FROM search_document WHERE kind = %s AND key = ANY (%s)) AS held USING (key)
WHERE (fresh.words::tsvector, fresh.titles::tsvector, fresh.names::tsvector, fresh.pinyin)
    IS DISTINCT FROM (held.words, held.titles, held.names, held.pinyin)
    OR fresh.is_sample <> held.is_sample
ORDER BY key
"""

MISSING_WORDS = """
SELECT word FROM (
    SELECT word FROM ts_stat('SELECT words FROM search_document')
    UNION SELECT word FROM ts_stat('SELECT names FROM search_document')
) AS lexemes
WHERE word ~ '^[a-z]+$' AND NOT EXISTS (SELECT FROM search_word WHERE lexeme = lexemes.word)
ORDER BY word
"""


def check() -> Iterator[str]:
    """Compare all that the documents hold with what the records say; name each difference."""
    for documents in kinds.values():
        for keys in batched(sorted(all_keys(documents)), BATCH):
            rows = fetch(
                DIFFERENCES, [*columns(list(documents.make(keys))), documents.kind, list(keys)]
            )
            yield from (f"{documents.kind} {key}: {said}" for key, said in rows)
    # Lexemes without a word.
    yield from (f"word {word}: missing" for (word,) in fetch(MISSING_WORDS))


def all_keys(documents: Documents) -> set[str]:
    """Return the records that have a document or should have one."""
    held = fetch("SELECT key FROM search_document WHERE kind = %s", [documents.kind])
    return {key for (key,) in held} | set(
        map(str, documents.records().values_list("pk", flat=True))
    )
