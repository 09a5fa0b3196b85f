"""README.md and its picture from the results; each figure says whether it meets its aim."""

import os
import platform
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

import django
from django.db import connection

from benchmarks import chart, kinds
from benchmarks.figures import Stream
from benchmarks.measure import Plan, Result

FOLDER = Path(__file__).parent
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
MB = 1024 * 1024
NOT_YET = "not there yet"
SMALL, LARGE = 1_000, 100_000
# Seconds from which on it can be told whether a file takes more memory the longer it lasts.
LONG = 5

Rows = list[list[str]]


def write(results: list[Result], plan: Plan, seconds: float, *, dry: bool) -> str:
    text = "\n\n".join(
        [
            facts(plan, seconds),
            "![Requests a second as a share of LIMIT, by number of projects](chart.svg)",
            "### Requests a second, as a share of LIMIT",
            table(["Kind of request", *sizes(results), "Aim", "Met"], share_rows(results)),
            "### Times as fast as NAIVE",
            table(["Kind of request", *sizes(results), "Aim", "Met"], naive_rows(results)),
            "### Median time of an answer, with four asking at once",
            table(["Kind of request", *sizes(results), "Growth", "Aim", "Met"], p50_rows(results)),
            "### Queries, bytes, memory",
            table(["Figure", *sizes(results), "Aim", "Met"], other_rows(results)),
        ]
    )
    if not dry:
        readme = FOLDER / "README.md"
        before, _begin, rest = readme.read_text(encoding="utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        readme.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")
        (FOLDER / "chart.svg").write_text(chart.draw(results), encoding="utf-8")
    return text


def facts(plan: Plan, seconds: float) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        postgres = cursor.fetchone()[0].split()[0]
    busy = os.getloadavg()[2]
    return (
        f"{date.today():%Y-%m-%d}; {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"Django {django.__version__}, PostgreSQL {postgres}; {plan.rounds} rounds of turns of "
        f"{plan.seconds:g} s; {seconds / 60:.0f} minutes in all. On average {busy:.1f} processes "
        "wanted to run at once in the last quarter of an hour: much more than six, of which the "
        "benchmark itself makes two to six, says that others were at work and the times are noise."
    )


def sizes(results: list[Result]) -> list[str]:
    return [f"{result.size:,}" for result in results]


def table(head: list[str], rows: Rows) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


# ------------------------------------------------------------------ what was timed


def share(result: Result, kind: kinds.Kind) -> float | None:
    """Give the portal's requests a second over LIMIT's, None where it did not answer as it should.

    Each round's share is taken on its own: what slows the machine for a moment slows both.
    """
    times = result.times.get(kind.name)
    if times is None or set(times["portal"].statuses) - {"200", "304"}:
        return None
    if kind is kinds.UNCHANGED and set(times["portal"].statuses) != {"304"}:
        return None
    rounds = zip(times["portal"].rates, times["limit"].rates, strict=True)
    return median(ours / limit for ours, limit in rounds)


def share_rows(results: list[Result]) -> Rows:
    rows = []
    for kind in kinds.ALL:
        shares = [share(result, kind) for result in results]
        rows.append(row(kind.label, shares, "{:.3f}", f"≥ {kind.share:g}", at_least(kind.share)))
    for kind in kinds.LISTS:
        shares = [naive_share(result, kind) for result in results]
        rows.append(row(f"NAIVE: {kind.label}", shares, "{:.5f}"))
    return rows


def naive_share(result: Result, kind: kinds.Kind) -> float:
    times = result.times[kind.name]
    return times["naive"].rate / times["limit"].rate


def naive_rows(results: list[Result]) -> Rows:
    aims = {SMALL: 6, LARGE: 50}
    rows = []
    for kind in kinds.LISTS:
        ratios = [ratio(result, kind) for result in results]
        met = [
            value >= aims[result.size]
            for result, value in zip(results, ratios, strict=True)
            if result.size in aims and value is not None
        ]
        cells = [cell(value, "{:.0f}") for value in ratios]
        aim = f"≥ {aims[SMALL]} at {SMALL:,}, ≥ {aims[LARGE]} at {LARGE:,}"
        rows.append([kind.label, *cells, aim, verdict(met)])
    return rows


def ratio(result: Result, kind: kinds.Kind) -> float | None:
    if share(result, kind) is None:
        return None
    times = result.times[kind.name]
    return times["portal"].rate / times["naive"].rate


def p50_rows(results: list[Result]) -> Rows:
    rows = []
    for kind in kinds.ALL:
        values = [
            None if share(r, kind) is None else r.times[kind.name]["portal"].p50 for r in results
        ]
        growth = growth_of(results, values)
        is_list = kind in kinds.LISTS
        met = [growth <= 2] if is_list and growth else []
        aim = "growth ≤ 2" if is_list else ""
        cells = [cell(value, "{:.1f} ms", 1000) for value in values]
        rows.append([kind.label, *cells, as_factor(growth), aim, verdict(met)])
    for kind in kinds.LISTS:
        values = [result.times[kind.name]["naive"].p50 for result in results]
        cells = [cell(value, "{:.0f} ms", 1000) for value in values]
        rows.append([f"NAIVE: {kind.label}", *cells, as_factor(growth_of(results, values)), "", ""])
    values = [result.times["list"]["limit"].p50 for result in results]
    return [*rows, ["LIMIT", *[cell(value, "{:.1f} ms", 1000) for value in values], "", "", ""]]


def growth_of(results: list[Result], values: list[float | None]) -> float | None:
    """Give the value at 100,000 over that at 1,000; None unless both were measured."""
    by_size = dict(zip([result.size for result in results], values, strict=True))
    small, large = by_size.get(SMALL), by_size.get(LARGE)
    return large / small if small and large else None


def as_factor(factor: float | None) -> str:
    return f"× {factor:.1f}" if factor else ""


# ------------------------------------------------------------------ the other figures


@dataclass(frozen=True)
class Figure:
    """A figure of a result; `value` gives None where the portal does not have it."""

    label: str
    value: Callable[[Result], float | None]
    form: str = "{:.0f}"
    at_most: float | None = None
    absent: str = NOT_YET

    def row(self, results: list[Result]) -> list[str]:
        values = [self.value(result) for result in results]
        if self.at_most is None:
            return row(self.label, values, self.form, absent=self.absent)
        aim = f"≤ {self.at_most}"
        return row(self.label, values, self.form, aim, self.is_met, self.absent)

    def is_met(self, value: float) -> bool:
        return value <= self.at_most


def late_growth(stream: Stream | None) -> float | None:
    """Say what a file's memory grew by late, where it takes long enough to tell."""
    is_long = stream and stream.seconds > LONG
    return stream.late_growth / MB if is_long else None


def late(name: str) -> Callable[[Result], float | None]:
    return lambda result: late_growth(getattr(result, name))


FIGURES = (
    Figure("HTML of the list, KB", lambda r: r.list_bytes / 1024, at_most=60),
    Figure("first visit of home, KB", lambda r: r.first_visit_bytes / 1024, at_most=120),
    Figure("first byte of a CSV of all, s", lambda r: r.csv and r.csv.first_byte, "{:.2f}", 1),
    Figure("all of that CSV, s", lambda r: r.csv and r.csv.seconds, "{:.1f}"),
    Figure("its size, MB", lambda r: r.csv and r.csv.bytes / MB, "{:.1f}"),
    Figure("memory it takes, MB", lambda r: r.csv and r.csv.growth / MB),
    Figure("of that after a quarter of the time, MB", late("csv"), at_most=8, absent="short"),
    Figure("first byte of all as IATI, s", lambda r: r.iati and r.iati.first_byte, "{:.2f}", 1),
    Figure("all of that IATI, s", lambda r: r.iati and r.iati.seconds, "{:.1f}"),
    Figure("IATI's size, MB", lambda r: r.iati and r.iati.bytes / MB, "{:.1f}"),
    Figure("memory IATI takes late, MB", late("iati"), at_most=8, absent="short"),
    Figure("kept in a process, MB", lambda r: r.kept and r.kept["size"] / MB, at_most=64),
    Figure("building it at the start, s", lambda r: r.kept and r.kept["built"], "{:.2f}", 2),
    Figure("seeing an edit, ms", lambda r: r.kept and r.kept["edited"] * 1000, "{:.1f}", 5),
    Figure("seeing no edit, ms", lambda r: r.kept and r.kept["unchanged"] * 1000, "{:.2f}"),
    Figure("the largest worker after all this, MB", lambda r: r.worker_memory / MB),
    Figure("a word not asked before finds, %", lambda r: r.new_words_find * 100),
)


def other_rows(results: list[Result]) -> Rows:
    return [
        *query_rows(results),
        *(figure.row(results) for figure in FIGURES),
        edits_row(results),
        Figure("making the sample up to here, s", made_in(results), at_most=600).row(results),
    ]


def query_rows(results: list[Result]) -> Rows:
    # The directory asks once for each facet, and keeps nothing.
    most = {kind.name: 6 for kind in kinds.LISTS} | {"page": 12, "directory": 20}
    labels = {kind.name: kind.label for kind in kinds.ALL} | {"directory": "directory"}
    rows = []
    for name, aim in most.items():
        counts = [result.queries[name] for result in results]
        is_same = len(set(counts)) == 1
        met = verdict([is_same and max(counts) <= aim])
        aims = f"≤ {aim}, the same at each size"
        rows.append([f"queries: {labels[name]}", *map(str, counts), aims, met])
    return rows


def edits_row(results: list[Result]) -> list[str]:
    seen = [result.edits_are_seen for result in results]
    words = ["yes" if value else "no" for value in seen]
    return ["every process shows an edit at once", *words, "yes", verdict(seen)]


def made_in(results: list[Result]) -> Callable[[Result], float]:
    """Each size adds to the one before: count what all of them took."""
    return lambda result: sum(r.made_in for r in results if r.size <= result.size)


# ------------------------------------------------------------------ cells


def row(label, values, form, aim="", is_met=None, absent=NOT_YET) -> list[str]:
    met = [is_met(value) for value in values if value is not None] if is_met else []
    return [label, *[cell(value, form, absent=absent) for value in values], aim, verdict(met)]


def cell(value: float | None, form: str, factor: float = 1, absent: str = NOT_YET) -> str:
    return absent if value is None else form.format(value * factor)


def at_least(aim: float) -> Callable[[float], bool]:
    return lambda value: value >= aim


def verdict(met: list[bool]) -> str:
    if not met:
        return ""
    return "yes" if all(met) else "**no**"
