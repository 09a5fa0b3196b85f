"""Statements that Django's ORM does not write."""

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BigIntegerField, BooleanField, F, Func, Value


class IsAmong(Func):
    """Compare with an array: one parameter, however many ids it holds."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()

    @classmethod
    def ids(cls, ids: list[int]) -> "IsAmong":
        return cls(F("pk"), Value(ids, ArrayField(BigIntegerField())))


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
