"""Comparing what the index holds with what the records say."""

from collections.abc import Iterator
from itertools import batched

from django.db import connection

from .documents import BATCH, NAMES, Vector, all_ids, fresh_entries, fresh_names


def check() -> Iterator[str]:
    """Compare all that the index holds with what the records say; name each difference."""
    yield from check_names()
    yield from check_entries()
    yield from check_words()


def check_names() -> Iterator[str]:
    with connection.cursor() as cursor:
        for kind in NAMES:
            cursor.execute(
                "SELECT key, lexeme, words::text, pinyin FROM projects_searchname WHERE kind = %s",
                [kind],
            )
            held = {key: rest for key, *rest in cursor.fetchall()}
            fresh = {
                name.key: [name.lexeme, in_order(cursor, name.words), name.pinyin]
                for name in fresh_names(kind)
            }
            yield from differences(kind, held, fresh)


def check_entries() -> Iterator[str]:
    with connection.cursor() as cursor:
        for batch in batched(all_ids(cursor), BATCH):
            cursor.execute(
                """SELECT project_id, words::text, titles::text FROM projects_searchentry
                WHERE project_id = ANY (%s)""",
                [list(batch)],
            )
            held = {project_id: rest for project_id, *rest in cursor.fetchall()}
            fresh = {
                made.project_id: [in_order(cursor, made.words), in_order(cursor, made.titles)]
                for made in fresh_entries(batch)
            }
            yield from differences("project", held, fresh)


def check_words() -> Iterator[str]:
    """Name the lexemes of entries and names that no word leads to."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT word FROM (
                SELECT word FROM ts_stat('SELECT words FROM projects_searchentry')
                UNION SELECT word FROM ts_stat('SELECT words FROM projects_searchname')
            ) AS lexemes
            WHERE word ~ '^[a-z]+$'
                AND NOT EXISTS (SELECT FROM projects_searchword WHERE lexeme = lexemes.word)
            ORDER BY word"""
        )
        for (word,) in cursor.fetchall():
            yield f"word {word}: missing"


def in_order(cursor, vector: Vector) -> str:
    """Write a vector as the database does."""
    cursor.execute("SELECT %s::tsvector::text", [str(vector)])
    return cursor.fetchone()[0]


def differences(kind: str, held: dict, fresh: dict) -> Iterator[str]:
    for key in sorted(held.keys() | fresh.keys()):
        if key not in held:
            yield f"{kind} {key}: missing"
        elif key not in fresh:
            yield f"{kind} {key}: should not be there"
        elif held[key] != fresh[key]:
            yield f"{kind} {key}: out of date"
