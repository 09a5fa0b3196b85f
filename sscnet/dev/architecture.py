"""Draw docs/architecture.svg, the packages and their imports, from the code: `make docs`.

An import that a chain of other arrows leads to as well is left out of the picture.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from itertools import combinations, pairwise
from pathlib import Path

import grimp
from jinja2 import Template

from sscnet.dev import CHECKOUT

PICTURE = CHECKOUT / "docs" / "architecture.svg"
TEMPLATE = Path(__file__).with_name("architecture.svg")
APPS = ["members", "projects", "meetings", "secretariat"]
WIRING = "settings, urls"
# Folders that Django looks into, and what no server uses.
LEFT_OUT = {"dev", "formats", "management", "migrations", "templatetags"}
LETTER, LINE, GAP, ROW_GAP = 7.5, 22, 12, 18

Graph = dict[str, set[str]]


def main() -> None:
    PICTURE.write_text(picture(), encoding="utf-8")


def picture() -> str:
    modules = grimp.build_graph("sscnet", *APPS, cache_dir=None)
    parts = {app: drawing(imports(modules, app)) for app in APPS}
    template = Template(TEMPLATE.read_text(encoding="utf-8"), trim_blocks=True, lstrip_blocks=True)
    return template.render(drawing=drawing(imports(modules), parts)) + "\n"


# ---------------------------------------------------------------- what imports what


def package_of(module: str, app: str) -> str:
    """Return the package that holds a module; with an app, the package within it."""
    root, child = [*module.split("."), ""][:2]
    is_package = child and child not in LEFT_OUT and (CHECKOUT / root / child).is_dir()
    if app:
        return child if root == app and is_package else ""
    if root in APPS:
        return root
    return f"{root}.{child}" if is_package else "" if child in LEFT_OUT else WIRING


def imports(modules: grimp.ImportGraph, app: str = "") -> Graph:
    """Return what each package imports of the others."""
    graph: Graph = defaultdict(set)
    for module in modules.modules:
        for imported in [module, *modules.find_modules_directly_imported_by(module)]:
            graph[package_of(module, app)].add(package_of(imported, app))
    return {name: used - {name, ""} for name, used in graph.items() if name}


def without_shortcuts(graph: Graph) -> Graph:
    def reached(name: str) -> set[str]:
        return graph[name].union(*map(reached, graph[name]))

    return {name: used.difference(*map(reached, used)) for name, used in graph.items()}


# ---------------------------------------------------------------- where it stands


@dataclass
class Box:
    """A package in the picture, or the point where an arrow passes a row (no name)."""

    name: str = ""
    inner: "Drawing | None" = None
    x: float = 0
    y: float = 0

    @property
    def width(self) -> float:
        own = len(self.name) * LETTER + 2 * GAP if self.name else 0
        return max(own, self.inner.width + 2 * GAP if self.inner else 0)

    @property
    def height(self) -> float:
        return LINE + (self.inner.height + GAP if self.inner else 0)

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@dataclass
class Drawing:
    rows: list[list[Box]]
    arrows: list[list[tuple[float, float]]] = field(default_factory=list)

    @property
    def boxes(self) -> list[Box]:
        return [box for row in self.rows for box in row if box.name]

    @property
    def width(self) -> float:
        return max(sum(box.width + GAP for box in row) - GAP for row in self.rows)

    @property
    def height(self) -> float:
        return max(box.y + box.height for box in self.boxes)


def drawing(graph: Graph, inner: dict[str, Drawing] | None = None) -> Drawing:
    """Place what imports above what is imported; a circle raises CycleError."""
    levels: dict[str, int] = {}
    for name in TopologicalSorter(graph).static_order():
        levels[name] = 1 + max((levels[used] for used in graph[name]), default=-1)
    boxes = {name: Box(name, (inner or {}).get(name)) for name in sorted(graph)}
    by_level = [[boxes[n] for n in boxes if levels[n] == level] for level in set(levels.values())]
    chains = []
    for name, used in sorted(without_shortcuts(graph).items()):
        for other in sorted(used):
            between = range(levels[name] - 1, levels[other], -1)
            points = [Box() for _ in between]
            for level, point in zip(between, points, strict=True):
                by_level[level].append(point)
            chains.append([boxes[name], *points, boxes[other]])
    return place(by_level[::-1], chains)


def place(rows: list[list[Box]], chains: list[list[Box]]) -> Drawing:
    """Order the boxes of each row by swapping two as long as that makes the arrows shorter."""
    width = Drawing(rows).width
    y = 0.0
    for row in rows:
        for box in row:
            box.y = y
        y += max(box.height for box in row) + ROW_GAP
    pairs = [pair for chain in chains for pair in pairwise(chain)]

    def length(order) -> float:
        for row in order:
            x = (width - sum(box.width + GAP for box in row) + GAP) / 2
            for box in row:
                box.x = x
                x += box.width + GAP
        return sum(abs(upper.middle - lower.middle) for upper, lower in pairs)

    best = rows
    improved = True
    while improved:
        improved = False
        for number, row in enumerate(best):
            swapped = (
                [*row[:i], row[j], *row[i + 1 : j], row[i], *row[j + 1 :]]
                for i, j in combinations(range(len(row)), 2)
            )
            orders = [[*best[:number], other, *best[number + 1 :]] for other in swapped]
            found = min(orders, key=length, default=best)
            if length(found) < length(best):
                best, improved = found, True
    length(best)
    return Drawing(best, [arrow(chain, pairs) for chain in chains])


def arrow(chain: list[Box], pairs: list[tuple[Box, Box]]) -> list[tuple[float, float]]:
    """Return the corners of an arrow; those that meet at a box stand side by side."""
    first, last = chain[0], chain[-1]
    lower = sorted((b for a, b in pairs if a is first), key=lambda box: box.middle)
    upper = sorted((a for a, b in pairs if b is last), key=lambda box: box.middle)
    start = first.x + first.width * (lower.index(chain[1]) + 1) / (len(lower) + 1)
    end = last.x + last.width * (upper.index(chain[-2]) + 1) / (len(upper) + 1)
    passed = [(p.middle, p.y + side) for p in chain[1:-1] for side in (0, p.height)]
    return [(start, first.y + first.height), *passed, (end, last.y)]


if __name__ == "__main__":
    main()
