"""Reading from the records what the index keeps: all at the start, a few projects afterwards."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import Aggregate, BigIntegerField, BinaryField, F, TextField, Value
from django.db.models.functions import Cast, Concat
from pyroaring import BitMap

from sscnet.catalogue.declaration import Facet

from ..models import Project
from .declaration import SORT_FIELDS, IsAmong, Pairs, sort_keys
from .keys import Row

Values = dict[str, BitMap]
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


def both(facet: Facet, code: str) -> str:
    """Name the values of the facet that this one qualifies, where it has this code."""
    return f"{facet.qualifies} in {facet.name} {code}"


def read_keys(projects: list[int] | None = None) -> Iterator[tuple[int, Row]]:
    """Read what the published projects are sorted by, of all or of these, by id."""
    if projects is None:
        rows = keys_of_published().iterator(5000)
    else:
        rows = read(statement_of_keys(), projects)
    return ((pk, sort_keys(*fields)) for pk, *fields in rows)


def keys_of_published():
    return Project.objects.published().order_by("pk").values_list(*SORT_FIELDS)


# ---------------------------------------------------------------- a few projects


def read_few(facets: tuple[Facet, ...], projects: list[int]) -> dict[str, Values]:
    """Read the ids of each code among a few projects, in one statement."""
    values: dict[str, Values] = {facet.name: {} for facet in facets}
    for name, project, code in read(statement_of_pairs(facets), projects):
        values.setdefault(name, {}).setdefault(code, BitMap()).add(project)
    return values


Statement = tuple[str, tuple]


def read(statement: Statement, projects: list[int]) -> list[tuple]:
    """Run a statement that was written once, for these projects: writing takes longer."""
    sql, params = statement
    with connection.cursor() as cursor:
        cursor.execute(sql, [projects if param == [ANY_PROJECT] else param for param in params])
        return cursor.fetchall()


@lru_cache(maxsize=1)
def statement_of_keys() -> Statement:
    ids = Value([ANY_PROJECT], ArrayField(BigIntegerField()))
    return keys_of_published().filter(IsAmong(F("pk"), ids)).query.sql_with_params()


@lru_cache(maxsize=8)
def statement_of_pairs(facets: tuple[Facet, ...]) -> Statement:
    pairs = {facet.name: facet.pairs for facet in facets}
    parts = []
    for facet in facets:
        rows = facet.pairs.rows([ANY_PROJECT])
        parts.append(rows.values_list(Value(facet.name, TextField()), "of", "value"))
        if facet.qualifies:
            rows = pairs[facet.qualifies].rows([ANY_PROJECT])
            name = Concat(Value(both(facet, ""), TextField()), Cast(facet.pairs.code, TextField()))
            parts.append(rows.values_list(name, "of", "value"))
    first, *rest = parts
    return first.union(*rest, all=True).order_by().query.sql_with_params()


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
            values |= groups.by_both(facet, pairs[facet.qualifies])
    return values | {facet.name: groups.by_code(facet.pairs) for facet in facets}


class Groups:
    """Ids grouped by the columns of a table; what was read once is not read again."""

    def __init__(self):
        self.read: dict[tuple, dict[tuple, BitMap]] = {}

    def by_code(self, pairs: Pairs) -> Values:
        codes = codes_of(pairs)
        return merged((codes(key), ids) for (key,), ids in self.by_columns(pairs, [pairs.column]))

    def by_both(self, facet: Facet, qualified: Pairs) -> dict[str, Values]:
        codes, others = codes_of(qualified), codes_of(facet.pairs)
        groups = defaultdict(list)
        for keys, ids in self.by_columns(qualified, [qualified.column, facet.pairs.column]):
            groups[others(keys[1])].append((codes(keys[0]), ids))
        return {both(facet, other): merged(of_other) for other, of_other in groups.items()}

    def by_columns(self, pairs: Pairs, columns: list[str]) -> Iterator[tuple[tuple, BitMap]]:
        source = pairs.model, pairs.where, *columns
        if source not in self.read:
            rows = pairs.all_rows().values_list(*columns).annotate(packed=PackedIds(pairs.project))
            self.read[source] = {tuple(keys): unpacked(ids) for *keys, ids in rows}
        return self.read[source].items()


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
