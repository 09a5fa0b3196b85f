"""README.md from the results; each figure says whether it meets its aim."""

import os
import platform
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

import django
from django.db import connection

from benchmarks import kinds
from benchmarks.timing import ANEW, KEPT, LIMIT, Times, TimingPlan

README = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
SMALL, MIDDLE, LARGE = 1_000, 10_000, 100_000
LEAST_KEPT = 0.4
MOST_GROWTH = 1.4
MOST_AFTER_EDIT = {SMALL: 0.05, MIDDLE: 0.5, LARGE: 3}

Rows = list[list[str]]


@dataclass(frozen=True)
class Measurement:
    size: int
    times: Times
    after_edit: float
    mix: list[float]


def write(results: list[Measurement], plan: TimingPlan, seconds: float, *, dry: bool) -> str:
    too_small = [cells for cells in share_rows(results, KEPT) if cells[-1] != "met"]
    parts = [conditions(plan, seconds)]
    for title, rows in (
        ("Pages made anew, as a share of LIMIT", share_rows(results, ANEW)),
        ("Pages made before, of which the share of LIMIT is too small", too_small),
        ("Median time of a page made anew, with four asking at once", time_rows(results)),
        ("Edits, and the mix with edits", edit_rows(results)),
    ):
        if rows:
            head = ["", *(f"{result.size:,}" for result in results), "Aim", "Met"]
            parts += [f"### {title}", table(head, rows)]
    text = "\n\n".join(parts)
    if not dry:
        before, _begin, rest = README.read_text(encoding="utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        README.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")
    return text


def conditions(plan: TimingPlan, seconds: float) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        postgres = cursor.fetchone()[0].split()[0]
    return (
        f"{date.today():%Y-%m-%d}; {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"Django {django.__version__}, PostgreSQL {postgres}; {plan.rounds} rounds of turns of "
        f"{plan.seconds:g} s; {seconds / 60:.0f} minutes in all. On average "
        f"{os.getloadavg()[2]:.1f} processes wanted to run at once in the last quarter of an hour: "
        "much more than six says that others were at work and the times are noise."
    )


def table(head: list[str], rows: Rows) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def share_rows(results: list[Measurement], way: str) -> Rows:
    rows = []
    for kind in kinds.ALL if way == ANEW else kinds.KEPT:
        times = [result.times[kind.name] for result in results]
        aim = kind.share if way == ANEW else LEAST_KEPT
        shares = [one[way].share_of(one[LIMIT]) for one in times]
        rows.append(row(kind.label, shares, "{:.3f}", f"≥ {aim:g}", lambda v, a=aim: v >= a))
    return rows


def time_rows(results: list[Measurement]) -> Rows:
    rows = []
    for kind in kinds.ALL:
        times = {result.size: result.times[kind.name][ANEW].p50 for result in results}
        cells = [f"{seconds * 1000:.1f} ms" for seconds in times.values()]
        growths = [times[MIDDLE] / times[SMALL]] if times.keys() >= {SMALL, MIDDLE} else []
        aim = "".join(f"× {growth:.2f} ≤ {MOST_GROWTH:g}" for growth in growths)
        rows.append([kind.label, *cells, aim, verdict([g <= MOST_GROWTH for g in growths])])
    limits = [median(r.times[kind.name][LIMIT].p50 * 1000 for kind in kinds.ALL) for r in results]
    return [*rows, row("LIMIT", limits, "{:.1f} ms")]


def edit_rows(results: list[Measurement]) -> Rows:
    aims = {r.size: MOST_AFTER_EDIT[r.size] for r in results if r.size in MOST_AFTER_EDIT}
    cells = [f"{result.after_edit * 1000:.0f}" for result in results]
    aim = "≤ " + " / ".join(f"{seconds * 1000:g}" for seconds in aims.values()) if aims else ""
    met = verdict([r.after_edit <= aims[r.size] for r in results if r.size in aims])
    return [
        ["the first list after an edit, ms", *cells, aim, met],
        row("the mix, requests a second", [median(r.mix) for r in results]),
    ]


def row(label, values, form="{:.0f}", aim="", is_met=None) -> list[str]:
    met = [is_met(value) for value in values] if is_met else []
    return [label, *map(form.format, values), aim, verdict(met)]


def verdict(met: list[bool]) -> str:
    return ("met" if all(met) else "**missed**") if met else ""
