"""The ids of the list in each of its orders, mended when a project changes."""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from pyroaring import BitMap

from .keys import Keys

# Sorting so few is quicker than walking through everybody.
FEW = 1000

Read = Callable[[int], object]


@dataclass(frozen=True)
class Sorted:
    """Ids sorted by one column, upwards: those with a value, then those without, each by id.

    Never changed; `mended` gives another one.
    """

    column: str
    stated: array
    unstated: array

    @classmethod
    def of(cls, column: str, keys: Keys) -> "Sorted":
        ids, values = keys.ids(), keys.column(column)
        # A number that does not equal itself is none.
        places = [place for place, value in enumerate(values) if value == value]
        places.sort(key=values.__getitem__)
        stated = array("I", map(ids.__getitem__, places))
        if len(stated) == len(ids):
            return cls(column, stated, array("I"))
        unstated = (id for id, value in zip(ids, values, strict=True) if value != value)
        return cls(column, stated, array("I", unstated))

    def mended(self, before: Keys, after: Keys, ids: Iterable[int], there: BitMap) -> "Sorted":
        """Take out these ids by the keys they had, and put in those that are there by theirs."""
        old, new = before.reader(self.column), after.reader(self.column)
        stated, unstated = self.stated[:], self.unstated[:]
        for id in ids:
            part, place = self.find(stated, unstated, old, id)
            if place < len(part) and part[place] == id:
                del part[place]
        for id in there:
            part, place = self.find(stated, unstated, new, id)
            part.insert(place, id)
        return Sorted(self.column, stated, unstated)

    def find(self, stated: array, unstated: array, read: Read, id: int) -> tuple[array, int]:
        """Say in which part, and where there, an id stands or would stand."""
        key = read(id)
        if key is None:
            return unstated, bisect_left(unstated, id)
        return stated, bisect_left(stated, (key, id), key=lambda n: (read(n), n))

    # ------------------------------------------------------------ reading

    def walk(self, *, downwards: bool) -> Iterator[int]:
        """Go through all ids; those without a value come last either way."""
        if downwards:
            return chain(reversed(self.stated), reversed(self.unstated))
        return chain(self.stated, self.unstated)

    def walk_back(self, *, downwards: bool) -> Iterator[int]:
        """Go the same way from its end."""
        if downwards:
            return chain(self.unstated, self.stated)
        return chain(reversed(self.unstated), reversed(self.stated))

    def sort(self, chosen: BitMap, keys: Keys, *, downwards: bool) -> list[int]:
        """Put a few ids into this order."""
        read = keys.reader(self.column)
        keyed = {id: read(id) for id in chosen}
        stated = [id for id, key in keyed.items() if key is not None]
        unstated = [id for id, key in keyed.items() if key is None]
        stated.sort(key=keyed.__getitem__)
        if downwards:
            return stated[::-1] + unstated[::-1]
        return stated + unstated

    def cut(self, chosen: BitMap, keys: Keys, start: int, stop: int, *, downwards: bool):
        """Give the chosen ids from place `start` to `stop`."""
        n = len(chosen)
        everybody = n == len(self.stated) + len(self.unstated)
        start, stop = max(start, 0), min(stop, n)
        if start >= stop:
            return []
        if n <= FEW and not everybody:
            return self.sort(chosen, keys, downwards=downwards)[start:stop]
        # Walk from the nearer end.
        if stop <= n - start:
            walk = self.walk(downwards=downwards)
            found = walk if everybody else filter(chosen.__contains__, walk)
            return list(islice(found, start, stop))
        walk = self.walk_back(downwards=downwards)
        found = walk if everybody else filter(chosen.__contains__, walk)
        return list(islice(found, n - stop, n - start))[::-1]
