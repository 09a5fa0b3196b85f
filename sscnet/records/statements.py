"""Statements the ORM writes once: for a few rows by an id, writing takes longer than running."""

from collections.abc import Callable
from functools import cache

from django.db.models import Model, QuerySet
from django.db.models.query import RawQuerySet

# Stands in a statement for the id that it is run with.
ANY_ID = -1

type Query[M: Model] = Callable[[int], QuerySet[M]]


def run[M: Model](query: Query[M], id: int) -> RawQuerySet[M]:
    """Give the rows of a query by an id, as they are when they are looked at.

    `query` is a function of a module, takes the id and nothing else, and its statement depends on
    nothing else, such as the language. Annotations come with the rows; `select_related` does not.
    """
    model, sql, params = written(query)
    return model._base_manager.raw(sql, [id if param == ANY_ID else param for param in params])


def run_for_one[M: Model](query: Query[M], id: int) -> M:
    """Give the one row. Raises the model's DoesNotExist."""
    for row in run(query, id):
        return row
    raise written(query)[0].DoesNotExist


@cache
def written[M: Model](query: Query[M]) -> tuple[type[M], str, tuple]:
    rows = query(ANY_ID)
    return rows.model, *rows.query.sql_with_params()
