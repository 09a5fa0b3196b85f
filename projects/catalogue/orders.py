"""The ids of the list in each of its orders, mended when a project changes."""

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from pyroaring import BitMap

# Sorting so few is quicker than walking through everybody.
FEW = 2000

Keys = dict[int, tuple]


def ids_array(ids=()) -> array:
    # 32 bits, as in the bitmaps; an id beyond them raises OverflowError.
    return array("I", ids)


@dataclass(frozen=True)
class Sorted:
    """Ids sorted by one column, upwards: those with a value, then those without, each by id.

    Never changed; `mended` gives another one. `column` is the place in the tuples of keys.
    """

    column: int
    stated: array
    unstated: array

    @classmethod
    def of(cls, column: int, keys: Keys) -> "Sorted":
        ids = sorted(keys)
        unstated = ids_array(id for id in ids if keys[id][column] is None)
        stated = [id for id in ids if keys[id][column] is not None]
        stated.sort(key=lambda id: keys[id][column])
        return cls(column, ids_array(stated), unstated)

    def mended(self, before: Keys, after: Keys, ids: list[int]) -> "Sorted":
        """Take out these ids by the keys they had, and put them in by those they have."""
        nobody = (None,) * (self.column + 1)
        moved = [
            id
            for id in ids
            if (id in before) != (id in after)
            or before.get(id, nobody)[self.column] != after.get(id, nobody)[self.column]
        ]
        if not moved:
            return self
        stated, unstated = self.stated[:], self.unstated[:]
        for id in moved:
            if id in before:
                part, place = self.find(stated, unstated, before, id)
                del part[place]
        for id in moved:
            if id in after:
                part, place = self.find(stated, unstated, after, id)
                part.insert(place, id)
        return Sorted(self.column, stated, unstated)

    def find(self, stated: array, unstated: array, keys: Keys, id: int) -> tuple[array, int]:
        """Say in which part, and where there, an id stands or would stand."""
        column = self.column
        key = keys[id][column]
        if key is None:
            return unstated, bisect_left(unstated, id)
        return stated, bisect_left(stated, (key, id), key=lambda n: (keys[n][column], n))

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
        column = self.column
        stated = [id for id in chosen if keys[id][column] is not None]
        unstated = [id for id in chosen if keys[id][column] is None]
        stated.sort(key=lambda id: keys[id][column])
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
