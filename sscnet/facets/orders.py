"""The orders of a list: ids sorted by what each order compares, in each language."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain

from django.conf import settings
from django.db.models.fields.json import KT
from pyroaring import BitMap

from sscnet.core.i18n.collation import sort_key
from sscnet.core.i18n.labels import each_language


@dataclass(frozen=True)
class Sorted:
    """Ids sorted upwards: those with a value, then from `unstated` on those without, by id."""

    ids: array
    unstated: int

    @classmethod
    def of(cls, rows: list[tuple], key: Callable) -> "Sorted":
        """Sort rows that stand by id."""
        keyed = [(key(row), row[0]) for row in rows]
        stated = sorted(pair for pair in keyed if pair[0] is not None)
        ids = array("I", (id for _key, id in stated))
        ids.extend(id for value, id in keyed if value is None)
        return cls(ids, len(stated))

    def walk(self, *, downwards: bool) -> Iterator[int]:
        """Go through all ids; those without a value come last either way."""
        if not downwards:
            return iter(self.ids)
        stated = map(self.ids.__getitem__, range(self.unstated - 1, -1, -1))
        lacking = map(self.ids.__getitem__, range(len(self.ids) - 1, self.unstated - 1, -1))
        return chain(stated, lacking)


def read_orders(filterset, records: Iterable):
    """Read the ids and what they are sorted by, in one statement; sort them in each order."""
    columns: list = ["pk"]
    places: dict[tuple[str, str], Callable] = {}
    # A text without a translation is compared once, not in each language.
    key_of = cache(sort_key)
    for order in filterset.orders:
        start = len(columns)
        if order.computed:
            places[order.name, ""] = computed_key(order.computed(records))
            continue
        if not order.is_translated:
            columns.append(order.field)
            places[order.name, ""] = plain_key(start, order.key)
            continue
        english, *others = each_language(order.field)
        columns += [english, *(KT(f"i18n__{name}") for name in others), order.fallback]
        for n, (language, _name) in enumerate(settings.LANGUAGES):
            places[order.name, language] = translated_key(start, n, len(others) + 1, key_of)
    rows = list(filterset.listed().order_by("pk").values_list(*columns))
    orders = {name: Sorted.of(rows, key) for name, key in places.items()}
    if filterset.relevance:
        orders[filterset.relevance.name, ""] = orders[filterset.orders[0].name, ""]
    return BitMap(row[0] for row in rows), orders


def computed_key(keys: Mapping[int, object]) -> Callable:
    return lambda row: keys.get(row[0])


def plain_key(place: int, key: Callable | None) -> Callable:
    if key is None:
        return lambda row: row[place]
    return lambda row: key(row[place])


def translated_key(start: int, n: int, languages: int, key_of: Callable) -> Callable:
    """Compare the text of one language; a record without stands by another one it has."""
    own_first = [start + n, *(start + m for m in range(languages) if m != n), start + languages]

    def key(row):
        return key_of(next(row[place] for place in own_first if row[place]))

    return key
