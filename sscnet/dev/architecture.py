"""Draw docs/architecture.mmd, the packages and their imports, from the code: `make docs`.

An import that a chain of other arrows leads to as well is left out of the picture.
"""

import re
from collections import defaultdict
from graphlib import TopologicalSorter

import grimp

from sscnet.dev import CHECKOUT

PICTURE = CHECKOUT / "docs" / "architecture.mmd"
APPS = ["members", "projects", "meetings", "secretariat"]
WIRING = "settings, urls"
# Folders that Django looks into, and what no server uses.
LEFT_OUT = {"dev", "formats", "management", "migrations", "templatetags"}

Graph = dict[str, set[str]]


def main() -> None:
    PICTURE.write_text(picture(), encoding="utf-8")


def picture() -> str:
    """Return the picture in the language of Mermaid, which code hosts draw."""
    modules = grimp.build_graph("sscnet", *APPS, cache_dir=None)
    lines = ["flowchart TD"]
    for app in APPS:
        inner = drawing(imports(modules, app), f"{app}.")
        lines += [f"subgraph {app}", *inner, "end"]
    return "\n".join([*lines, *drawing(imports(modules))]) + "\n"


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


def drawing(graph: Graph, prefix: str = "") -> list[str]:
    """Return a line a package and a line an arrow; a circle raises CycleError."""
    TopologicalSorter(graph).prepare()

    def reached(name: str) -> set[str]:
        return graph[name].union(*map(reached, graph[name]))

    def key(name: str) -> str:
        return re.sub(r"\W+", "_", prefix + name)

    boxes = [f'  {key(name)}["{name}"]' for name in sorted(graph) if name not in APPS]
    arrows = [
        f"  {key(name)} --> {key(other)}"
        for name, used in sorted(graph.items())
        for other in sorted(used.difference(*map(reached, used)))
    ]
    return boxes + arrows


if __name__ == "__main__":
    main()
