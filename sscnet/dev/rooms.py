"""The lines of each room beside its budget, which stands in docs/architecture.md."""

import re
from collections import Counter
from pathlib import Path

from sscnet.dev import CHECKOUT, DevError, steps

ROW = re.compile(r"^\| (`[^|]+`) \| ([\d,]+) \|", re.MULTILINE)
LEFT_OUT = {"tests", "benchmarks", "migrations"}


def check():
    """Print the table; refuse a room that outgrew its budget by a tenth, and a file of no room."""
    budgets = read((CHECKOUT / "docs" / "architecture.md").read_text(encoding="utf-8"))
    lines = count(budgets)
    for room, budget in budgets.items():
        steps.echo(f"  {lines[room]:6,} of {budget:6,}  {', '.join(room)}")
    steps.echo(f"  {lines.total():6,} of {sum(budgets.values()):6,}")
    problems = [f"{', '.join(room)}: no code there" for room in budgets if not lines[room]]
    problems += [
        f"{', '.join(room)}: {lines[room]:,} lines where {budget:,} are its budget"
        for room, budget in budgets.items()
        if lines[room] > budget * 1.1
    ]
    if problems:
        raise DevError(
            "\n".join(problems) + "\nMake it smaller, or change the table in "
            "docs/architecture.md in a commit that says why."
        )


def read(document):
    """Return the budget of each room; a room is the paths in a row's first column."""
    return {
        tuple(re.findall(r"`([^`]+)`", paths)): int(budget.replace(",", ""))
        for paths, budget in ROW.findall(document)
    }


def count(rooms):
    """Return the lines of each room: a file belongs to the one with the longest path to it."""
    room_of = {Path(path): room for room in rooms for path in room}
    lines = Counter()
    for file in files():
        room = next((room_of[at] for at in (file, *file.parents) if at in room_of), None)
        if room is None:
            raise DevError(f"{file} is in no room of the table in docs/architecture.md.")
        lines[room] += len((CHECKOUT / file).read_bytes().splitlines())
    return lines


def files():
    for top in CHECKOUT.iterdir():
        # Without a folder such as .venv, which holds thousands.
        found = top.rglob("*.py") if top.is_dir() and top.name[0] != "." else [top]
        for path in found:
            file = path.relative_to(CHECKOUT)
            if file.suffix == ".py" and LEFT_OUT.isdisjoint(file.parts):
                yield file
