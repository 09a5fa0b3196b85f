"""What each project is sorted by, kept small: columns instead of a tuple a project.

Projects stand in blocks by their ids. Nothing is ever changed: a change of a project gives a new
block, and all others are shared.
"""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from .declaration import SORT_COLUMNS, TITLES

Row = tuple
# Small enough to be written anew at each edit.
BLOCK_BITS = 7
NAN = float("nan")


@dataclass(frozen=True)
class Block:
    ids: array
    columns: list[array | list[str]]

    @classmethod
    def of(cls, rows: Iterable[tuple[int, Row]]) -> "Block":
        ids, keys = zip(*rows, strict=True)
        columns = zip(*keys, strict=True)
        return cls(
            array("I", ids),
            [
                list(column) if name in TITLES else array("d", map(number, column))
                for name, column in zip(SORT_COLUMNS, columns, strict=True)
            ],
        )

    def rows(self) -> Iterator[tuple[int, Row]]:
        return zip(self.ids, zip(*self.columns, strict=True), strict=True)


def number(value) -> float:
    """What is not stated is no number; everything else has an exact place among floats."""
    return NAN if value is None else value


def block_of(id: int) -> int:
    return id >> BLOCK_BITS


class Keys:
    def __init__(self, blocks: dict[int, Block]):
        self.blocks = blocks

    @classmethod
    def of(cls, rows: Iterable[tuple[int, Row]]) -> "Keys":
        """Take the rows as they are read, by id."""
        blocks = groupby(rows, key=lambda row: block_of(row[0]))
        return cls({n: Block.of(of_block) for n, of_block in blocks})

    def ids(self) -> array:
        ids = array("I")
        for n in sorted(self.blocks):
            ids.extend(self.blocks[n].ids)
        return ids

    def column(self, name: str) -> list:
        """Give a column of all projects, in the order of `ids`."""
        place = SORT_COLUMNS.index(name)
        values: list = []
        for n in sorted(self.blocks):
            values.extend(self.blocks[n].columns[place])
        return values

    def reader(self, name: str) -> Callable[[int], object]:
        """Give a function from an id to its key in a column; None where there is none."""
        place, blocks = SORT_COLUMNS.index(name), self.blocks

        def read(id: int):
            block = blocks.get(id >> BLOCK_BITS)
            if block is None:
                return None
            at = bisect_left(block.ids, id)
            if at == len(block.ids) or block.ids[at] != id:
                return None
            key = block.columns[place][at]
            return key if key == key else None

        return read

    def changed(self, ids: Iterable[int], rows: dict[int, Row]) -> "Keys":
        """Give the keys with these projects as they are now; those without a row are gone."""
        blocks = self.blocks.copy()
        for n, of_block in groupby(sorted(ids), key=block_of):
            before = dict(blocks[n].rows()) if n in blocks else {}
            for id in of_block:
                before.pop(id, None)
                if id in rows:
                    before[id] = rows[id]
            if before:
                blocks[n] = Block.of(sorted(before.items()))
            else:
                blocks.pop(n, None)
        return Keys(blocks)
