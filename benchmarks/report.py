"""README.md from the results; each figure says whether it meets its aim."""

import os
import platform
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

import django
from django.db import connection

from benchmarks import kinds
from benchmarks.figures import Stream
from benchmarks.kinds import Kind
from benchmarks.measure import Measurement, TimingPlan
from benchmarks.timing import ANEW, KEPT, LIMIT, NAIVE, UNCHANGED

README = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
MB = 1024 * 1024
SMALL, MIDDLE, LARGE = 1_000, 10_000, 100_000
# Seconds from which on it can be told whether a file takes more memory the longer it lasts.
LONG = 5
SHARE_KEPT, SHARE_UNCHANGED = 0.4, 0.42
MOST_QUERIES = 12
# What a search over everything may take, over one of projects.
MOST_OF_SEARCH = 1.5
GROWTH_TO_MIDDLE, GROWTH_TO_LARGE = 1.4, 2
# Of the others 100,000 projects may take longer.
GROWS_LITTLE = (*kinds.LISTS, kinds.PAGE)
MOST_AFTER_EDIT = {SMALL: 0.05, MIDDLE: 0.5, LARGE: 3}
LEAST_RATIO = 1.7

Rows = list[list[str]]


def write(results: list[Measurement], plan: TimingPlan, seconds: float, *, dry: bool) -> str:
    parts = [facts(plan, seconds)]
    for title, rows in (
        ("Pages made anew, as a share of LIMIT", share_rows(results, ANEW)),
        ("Pages made before, as a share of LIMIT", share_rows(results, KEPT)),
        ("Pages the visitor has (304), as a share of LIMIT", share_rows(results, UNCHANGED)),
        ("Median time of a page made anew, with four asking at once", time_rows(results)),
        ("Times as fast as NAIVE", naive_rows(results)),
        ("Queries of a page made anew", query_rows(results)),
        ("The mix with edits, in requests a second", mix_rows(results)),
        ("Edits, bytes, memory", other_rows(results)),
    ):
        if rows:
            parts += [f"### {title}", table(["", *sizes(results), "Aim", "Met"], rows)]
    text = "\n\n".join(parts)
    if not dry:
        before, _begin, rest = README.read_text(encoding="utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        README.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")
    return text


def facts(plan: TimingPlan, seconds: float) -> str:
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


def sizes(results: list[Measurement]) -> list[str]:
    return [f"{result.size:,}" for result in results]


def table(head: list[str], rows: Rows) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


# ------------------------------------------------------------------ what was timed


def share(result: Measurement, kind: Kind, way: str) -> float:
    """Return the requests a second over LIMIT's.

    Each round's share is taken on its own: what slows the machine for a moment slows both.
    """
    times = result.times[kind.name]
    rounds = zip(times[way].rates, times[LIMIT].rates, strict=False)
    return median(ours / limit for ours, limit in rounds)


def share_rows(results: list[Measurement], way: str) -> Rows:
    rows = []
    for kind in kinds.ALL if way == ANEW else kinds.KEPT:
        aim = {KEPT: SHARE_KEPT, UNCHANGED: SHARE_UNCHANGED}.get(way, kind.share)
        values = [share(result, kind, way) for result in results]
        rows.append(row(kind.label, values, "{:.3f}", f"≥ {aim:g}", lambda v, a=aim: v >= a))
    return rows


def time_rows(results: list[Measurement]) -> Rows:
    rows = []
    for kind in kinds.ALL:
        times = {result.size: result.times[kind.name][ANEW].p50 for result in results}
        cells = [f"{seconds * 1000:.1f} ms" for seconds in times.values()]
        growths = list(growths_of(kind, times))
        aim = "; ".join(f"× {growth:.2f} ≤ {most:g}" for growth, most in growths)
        rows.append([kind.label, *cells, aim, verdict([g <= most for g, most in growths])])
    limits = [median(r.times[kind.name][LIMIT].p50 for kind in kinds.ALL) for r in results]
    limit = ["LIMIT", *(f"{seconds * 1000:.1f} ms" for seconds in limits), "", ""]
    return [*rows, search_row(results), limit]


def search_row(results: list[Measurement]) -> list[str]:
    """Compare the search over everything with one of projects for the same words, never kept."""
    p50 = [{kind: times[ANEW].p50 for kind, times in r.times.items()} for r in results]
    ratios = [one[kinds.SEARCH.name] / one[kinds.NEW_WORD.name] for one in p50]
    label, aim = "the search over everything, over that of projects", f"≤ {MOST_OF_SEARCH:g}"
    return row(label, ratios, "× {:.2f}", aim, lambda ratio: ratio <= MOST_OF_SEARCH)


def growths_of(kind: Kind, times: dict[int, float]):
    """Return how much longer larger numbers of projects take than 1,000, each with its aim."""
    if SMALL in times and MIDDLE in times:
        yield times[MIDDLE] / times[SMALL], GROWTH_TO_MIDDLE
    if SMALL in times and LARGE in times and kind in GROWS_LITTLE:
        yield times[LARGE] / times[SMALL], GROWTH_TO_LARGE


def naive_rows(results: list[Measurement]) -> Rows:
    times = [result.times for result in results]
    return [
        row(kind.label, [t[kind.name][ANEW].rate / t[kind.name][NAIVE].rate for t in times])
        for kind in kinds.LISTS
    ]


def query_rows(results: list[Measurement]) -> Rows:
    rows = []
    for kind in kinds.ALL:
        counts = [result.queries[kind.name] for result in results]
        alike = {r.queries[kind.name] for r in results if r.size in (SMALL, MIDDLE)}
        aim = f"≤ {MOST_QUERIES}, alike at {SMALL:,} and {MIDDLE:,}"
        met = max(counts) <= MOST_QUERIES and len(alike) <= 1
        rows.append([kind.label, *map(str, counts), aim, verdict([met])])
    return rows


def mix_rows(results: list[Measurement]) -> Rows:
    mixes = [result.mix for result in results]
    if not all(mixes):
        return []
    return [
        row("today's code", [median(mix.new) for mix in mixes]),
        row("the code of before", [median(mix.old) for mix in mixes]),
        row(
            "today's over that of before",
            [mix.ratio for mix in mixes],
            "{:.2f}",
            f"≥ {LEAST_RATIO}",
            lambda ratio: ratio >= LEAST_RATIO,
        ),
    ]


# ------------------------------------------------------------------ the other figures


@dataclass(frozen=True)
class ReportFigure:
    """A figure of a result; `value` gives None where there is none."""

    label: str
    value: Callable[[Measurement], float | None]
    form: str = "{:.0f}"
    at_most: float | None = None

    def row(self, results: list[Measurement]) -> list[str]:
        values = [self.value(result) for result in results]
        if self.at_most is None:
            return row(self.label, values, self.form)
        return row(self.label, values, self.form, f"≤ {self.at_most}", lambda v: v <= self.at_most)


def late_growth(stream: Stream) -> float | None:
    """Return what a file's memory grew by late, where it takes long enough to tell."""
    return stream.late_growth / MB if stream.seconds > LONG else None


FIGURES = (
    ReportFigure("the same of a search, ms", lambda r: r.search_after_edit * 1000),
    ReportFigure("of that building the list's index, ms", lambda r: r.engine["rebuilt"] * 1000),
    ReportFigure("building it at the start, ms", lambda r: r.engine["built"] * 1000),
    ReportFigure("an index in a process, MB", lambda r: r.engine["size"] / MB, at_most=64),
    ReportFigure("the largest worker after all this, MB", lambda r: r.worker_memory / MB),
    ReportFigure("HTML of the list, KB", lambda r: r.list_bytes / 1024, at_most=60),
    ReportFigure("first visit of home, KB", lambda r: r.first_visit_bytes / 1024, at_most=120),
    ReportFigure("first byte of a CSV of all, s", lambda r: r.csv.first_byte, "{:.2f}", 1),
    ReportFigure("all of that CSV, s", lambda r: r.csv.seconds, "{:.1f}"),
    ReportFigure("its size, MB", lambda r: r.csv.bytes / MB, "{:.1f}"),
    ReportFigure("memory it takes, MB", lambda r: r.csv.growth / MB),
    ReportFigure("of that late, MB", lambda r: late_growth(r.csv), at_most=8),
    ReportFigure("first byte of all as IATI, s", lambda r: r.iati.first_byte, "{:.2f}", 1),
    ReportFigure("all of that IATI, s", lambda r: r.iati.seconds, "{:.1f}"),
    ReportFigure("its size, MB", lambda r: r.iati.bytes / MB, "{:.1f}"),
    ReportFigure("memory it takes late, MB", lambda r: late_growth(r.iati), at_most=8),
    ReportFigure("a word not asked before finds, %", lambda r: r.new_words_find * 100),
)


def other_rows(results: list[Measurement]) -> Rows:
    return [
        edit_row(results),
        *(figure.row(results) for figure in FIGURES),
        seen_row(results),
        ReportFigure("making the sample up to here, s", made_in(results), at_most=600).row(results),
    ]


def edit_row(results: list[Measurement]) -> list[str]:
    aims = {r.size: MOST_AFTER_EDIT[r.size] for r in results if r.size in MOST_AFTER_EDIT}
    met = [r.after_edit <= aims[r.size] for r in results if r.size in aims]
    cells = [f"{result.after_edit * 1000:.0f}" for result in results]
    aim = "≤ " + " / ".join(f"{seconds * 1000:g}" for seconds in aims.values()) if aims else ""
    return ["the first list after an edit, ms", *cells, aim, verdict(met)]


def seen_row(results: list[Measurement]) -> list[str]:
    seen = [result.edits_are_seen for result in results]
    words = ["yes" if value else "no" for value in seen]
    return ["every process shows an edit at once", *words, "yes", verdict(seen)]


def made_in(results: list[Measurement]) -> Callable[[Measurement], float]:
    """Each size adds to the one before: count what all of them took."""
    return lambda result: sum(r.made_in for r in results if r.size <= result.size)


# ------------------------------------------------------------------ cells


def row(label, values, form="{:.0f}", aim="", is_met=None) -> list[str]:
    met = [is_met(value) for value in values if value is not None] if is_met else []
    cells = ["" if value is None else form.format(value) for value in values]
    return [label, *cells, aim, verdict(met)]


def verdict(met: list[bool]) -> str:
    if not met:
        return ""
    return "met" if all(met) else "**missed**"
