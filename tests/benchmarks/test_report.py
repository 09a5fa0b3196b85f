"""A run takes a quarter of an hour: that its end is written well is tried beforehand."""

import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from xml.etree import ElementTree

import pytest

from benchmarks import chart, kinds, report
from benchmarks.figures import Stream
from benchmarks.load import Load, Turn
from benchmarks.measure import Result
from benchmarks.timing import Timed

MB = 1024 * 1024


def timed(rate, status="200"):
    timed = Timed([rate], [1 / rate])
    timed.statuses[status] = 10
    return timed


def result(size, rate, *, has_all=True):
    compared = {"limit": timed(1000), "portal": timed(rate), "naive": timed(2000 / size)}
    times = {kind.name: dict(compared) for kind in kinds.ALL}
    times["unchanged"]["portal"] = timed(600, "304")
    return Result(
        size=size,
        made_in=1,
        times=times,
        queries={kind.name: 5 for kind in kinds.LISTS} | {"page": 12, "directory": 21},
        new_words_find=0.33,
        list_bytes=50 * 1024,
        first_visit_bytes=100 * 1024,
        csv=Stream(0.5, 30, 9 * MB, 20 * MB, MB) if has_all else None,
        iati=Stream(0.5, 90, 90 * MB, 20 * MB, MB) if has_all else None,
        kept={"built": 1, "size": 50 * MB, "unchanged": 0.0001, "edited": 0.009}
        if has_all
        else None,
        worker_memory=90 * MB,
        edits_are_seen=True,
    )


def lines(rows):
    return {cells[0]: cells[1:] for cells in rows}


class TestReport:
    results = [result(1_000, 200), result(100_000, 140)]

    def test_share_of_limit_is_held_against_its_aim(self):
        shares = lines(report.share_rows(self.results))

        assert shares["list, no filter"] == ["0.200", "0.140", "≥ 0.15", "**no**"]
        assert shares["list, one filter"] == ["0.200", "0.140", "≥ 0.12", "yes"]
        assert shares["unchanged page, asked with its ETag"][:2] == ["0.600", "0.600"]

    def test_times_as_fast_as_naive(self):
        ratios = lines(report.naive_rows(self.results))

        assert ratios["list, one filter"][:2] == ["100", "7000"]

    def test_growth_is_from_thousand_to_hundred_thousand(self):
        rows = lines(report.p50_rows(self.results))

        assert rows["list, one filter"] == ["5.0 ms", "7.1 ms", "× 1.4", "growth ≤ 2", "yes"]

    def test_other_figures(self):
        rows = lines(report.other_rows(self.results))

        assert rows["queries: list, no filter"][-1] == "yes"
        assert rows["queries: directory"][-1] == "**no**"
        assert rows["kept in a process, MB"] == ["50", "50", "≤ 64", "yes"]
        assert rows["seeing an edit, ms"] == ["9.0", "9.0", "≤ 5", "**no**"]

    def test_what_is_not_there_is_said(self):
        rows = lines(report.other_rows([result(100, 200, has_all=False)]))

        assert rows["first byte of a CSV of all, s"] == ["not there yet", "≤ 1", ""]

    def test_an_error_page_counts_as_nothing(self):
        failing = result(100, 200)
        failing.times["page"]["portal"] = timed(2000, "500")

        assert lines(report.share_rows([failing]))["project page"][0] == "not there yet"

    def test_chart_is_well_formed(self):
        assert ElementTree.fromstring(chart.draw(self.results)).tag.endswith("svg")


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/a" else 404)
        self.end_headers()

    def log_message(self, *arguments):
        """Keep the output clean."""


@pytest.fixture
def port():
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


class TestLoad:
    def test_goes_round_until_time_and_number_are_reached(self, port):
        answers = Load(Turn(port, ["/a", "/b"], {}, seconds=0.05, at_least=10)).run()

        assert len(answers.latencies) >= 10
        assert set(answers.statuses) == {"200", "404"}

    def test_asks_each_once(self, port):
        answers = Load(Turn(port, ["/a", "/a", "/b"], {}, seconds=0, once=True)).run()

        assert answers.statuses == {"200": 2, "404": 1}


class TestAddresses:
    addresses = kinds.Addresses([f"/projects/p{n}/" for n in range(100)], parts=5)

    @pytest.mark.parametrize("kind", [kind for kind in kinds.ALL if kind.is_new])
    def test_a_new_one_is_asked_for_once(self, kind):
        paths = [path for part in range(5) for path in self.addresses.of(kind, part)]

        assert len(paths) == len(set(paths)) > 90

    def test_those_asked_for_again_are_few(self):
        parts = [self.addresses.of(kinds.PAGE_AGAIN, part) for part in range(5)]

        assert parts == [parts[0]] * 5
        assert len(parts[0]) == 8


def test_help_needs_no_database():
    done = subprocess.run([sys.executable, "-m", "benchmarks", "--help"], capture_output=True)

    assert done.returncode == 0
