"""Each file of Python stands in a room of the table in docs/architecture.md."""

import re
from pathlib import Path

from sscnet.dev import CHECKOUT, DevError

ROW = re.compile(r"^\| (`[^|]+`) \| [^|]+ \|$", re.MULTILINE)
LEFT_OUT = {"tests", "benchmarks", "migrations"}


def check():
    """Refuse a file that is in no room, and a room without a file."""
    document = (CHECKOUT / "docs" / "architecture.md").read_text(encoding="utf-8")
    paths = [path for row in ROW.findall(document) for path in re.findall(r"`([^`]+)`", row)]
    rooms = {Path(path) for path in paths}
    used = set()
    for file in files():
        room = next((place for place in (file, *file.parents) if place in rooms), None)
        if room is None:
            raise DevError(f"{file} is in no room of the table in docs/architecture.md.")
        used.add(room)
    if unused := sorted(str(room) for room in rooms - used):
        raise DevError(f"{', '.join(unused)}: no code there, see docs/architecture.md.")


def files():
    for top in CHECKOUT.iterdir():
        # Without a folder such as .venv, which holds thousands.
        found = top.rglob("*.py") if top.is_dir() and top.name[0] != "." else [top]
        for path in found:
            file = path.relative_to(CHECKOUT)
            if file.suffix == ".py" and LEFT_OUT.isdisjoint(file.parts):
                yield file
