"""Reading from the records what the index keeps: all at the start, a few projects afterwards."""

from array import array
from collections.abc import Iterable, Iterator
from functools import lru_cache

from django.db import connection
from django.db.models import Aggregate, BinaryField, TextField, Value
from pyroaring import BitMap

from ..models import Project
from .declaration import SORT_FIELDS, Facet, Pairs, sort_keys

Values = dict[str, BitMap]
# What a project is sorted by, by its id.
Keys = dict[int, tuple]
# Stands in a statement for the ids that it is run with.
ANY_PROJECT = -1


class PackedIds(Aggregate):
    """The ids of a group as one string of bytes, four for each: a tenth of an array's time."""

    template = "string_agg(int4send(%(expressions)s::int4), '')"
    output_field = BinaryField()


def unpacked(packed: bytes) -> BitMap:
    ids = array("I")
    ids.frombytes(packed)
    ids.byteswap()
    return BitMap(ids)


def both(facet: Facet) -> str:
    """Name the values of a facet taken together with those of the facet that it qualifies."""
    return f"{facet.qualifies} in {facet.name}"


def read_keys(projects: Iterable[int] | None = None) -> Keys:
    """Read what the published projects are sorted by, of all or of these."""
    rows = Project.objects.published().order_by()
    if projects is not None:
        rows = rows.filter(pk__in=projects)
    return {pk: sort_keys(*row) for pk, *row in rows.values_list(*SORT_FIELDS).iterator(5000)}


# ---------------------------------------------------------------- a few projects


def read_few(facets: tuple[Facet, ...], projects: list[int]) -> dict[str, Values]:
    """Read the ids of each code among a few projects, in one statement."""
    names, sql, params = statement(facets)
    values: dict[str, Values] = {name: {} for name in names}
    with connection.cursor() as cursor:
        cursor.execute(sql, [projects if param == [ANY_PROJECT] else param for param in params])
        for name, project, code in cursor:
            values[name].setdefault(code, BitMap()).add(project)
    return values


@lru_cache(maxsize=8)
def statement(facets: tuple[Facet, ...]):
    """Write the statement of all facets once: that takes longer than to run it."""
    wanted = {facet.name: facet.pairs.rows([ANY_PROJECT]) for facet in facets}
    pairs = {facet.name: facet.pairs for facet in facets}
    for facet in facets:
        if facet.qualifies:
            qualified = pairs[facet.qualifies]
            wanted[both(facet)] = qualified.rows([ANY_PROJECT], facet.pairs.code)
    first, *rest = (
        rows.values_list(Value(name, TextField()), "of", "value") for name, rows in wanted.items()
    )
    sql, params = first.union(*rest, all=True).order_by().query.sql_with_params()
    return tuple(wanted), sql, params


# ---------------------------------------------------------------- everything


def read_everything(facets: Iterable[Facet]) -> dict[str, Values]:
    """Read the ids of each code among all projects, each table grouped once by its keys.

    The codes behind the keys are put in afterwards: a region is the union of its countries.
    """
    groups = Groups()
    pairs = {facet.name: facet.pairs for facet in facets}
    values = {}
    for facet in facets:
        if facet.qualifies:
            qualified = pairs[facet.qualifies]
            values[both(facet)] = groups.by_both(qualified, facet.pairs)
    return values | {facet.name: groups.by_code(facet.pairs) for facet in facets}


class Groups:
    """Ids grouped by the columns of a table; what was read once is not read again."""

    def __init__(self):
        self.read: dict[tuple, dict[tuple, BitMap]] = {}

    def by_code(self, pairs: Pairs) -> Values:
        codes = codes_of(pairs)
        return merged((codes(key), ids) for (key,), ids in self.by_columns(pairs, [pairs.column]))

    def by_both(self, pairs: Pairs, other: Pairs) -> Values:
        codes, other_codes = codes_of(pairs), codes_of(other)
        columns = [pairs.column, other.column]
        return merged(
            (
                codes(key) and other_codes(other_key) and f"{codes(key)} {other_codes(other_key)}",
                ids,
            )
            for (key, other_key), ids in self.by_columns(pairs, columns)
        )

    def by_columns(self, pairs: Pairs, columns: list[str]) -> Iterator[tuple[tuple, BitMap]]:
        source = pairs.model, pairs.where, *columns
        if source not in self.read:
            rows = pairs.all_rows().values_list(*columns).annotate(packed=PackedIds(pairs.project))
            self.read[source] = {tuple(keys): unpacked(ids) for *keys, ids in rows}
        return self.read[source].items()


def joined(code: str, other: str) -> str:
    return f"{code} {other}" if code and other else ""


def codes_of(pairs: Pairs):
    """Say how to come from a table's key to the code: nothing where there is none."""
    if not pairs.beyond:
        return lambda key: "" if key is None else str(key)
    related = pairs.model._meta.get_field(pairs.column).related_model
    codes = dict(related._base_manager.order_by().values_list("pk", pairs.beyond))
    return lambda key: str(codes.get(key) or "")


def merged(groups: Iterable[tuple[str, BitMap]]) -> Values:
    values: Values = {}
    for code, ids in groups:
        if code:
            values[code] = values[code] | ids if code in values else ids
    return values
