"""Statements the ORM writes once: for a few rows by an id, writing takes longer than running."""

from collections.abc import Callable, Iterable
from functools import cache

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BigIntegerField, BooleanField, F, Func, Model, QuerySet, Value

# Stands in a statement for the id that it is run with, or in an array for several.
ANY_ID = -1

type Query[M: Model] = Callable[[int], QuerySet[M]]


def run[M: Model](query: Query[M], id: int, *, lock: bool = False) -> Iterable[M]:
    """Return the rows of a query by an id, read when they are iterated over.

    `query` is a function of a module, takes the id and nothing else, and its statement depends on
    nothing else, such as the language. Annotations come with the rows; `select_related` does not.
    `lock` locks the rows FOR NO KEY UPDATE.
    """
    model, sql, params = written(query, lock)
    return model._base_manager.raw(sql, [id if param == ANY_ID else param for param in params])


def run_for_one[M: Model](query: Query[M], id: int, *, lock: bool = False) -> M:
    """Return the one row. Raise the model's DoesNotExist where there is none."""
    for row in run(query, id, lock=lock):
        return row
    raise written(query, lock)[0].DoesNotExist


@cache
def written[M: Model](query: Query[M], lock: bool) -> tuple[type[M], str, tuple]:
    rows = query(ANY_ID)
    rows = rows.select_for_update(no_key=True) if lock else rows
    return rows.model, *rows.query.sql_with_params()


# ---------------------------------------------------------------- rows of several ids


class IsAmong(Func):
    """Compare with an array: one parameter, however many ids it holds."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()

    @classmethod
    def ids(cls, ids: list[int]) -> "IsAmong":
        return cls(F("pk"), Value(ids, ArrayField(BigIntegerField())))


# ---------------------------------------------------------------- statements of one's own


def fetch(sql: str, params=None) -> list[tuple]:
    """Run a statement; return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def execute(sql: str, params=None) -> int:
    """Run a statement; return how many rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount
