"""A run takes half an hour: that its end is written well is tried beforehand."""

import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from benchmarks import figures, kinds, mix, report
from benchmarks.figures import Stream
from benchmarks.load import Load, Turn
from benchmarks.measure import Measurement, TimingPlan
from benchmarks.timing import ANEW, KEPT, UNCHANGED, Timed, ways
from projects.catalogue.filters import ProjectFilter
from secretariat.setup.sample.meeting import make_sample_meeting
from secretariat.setup.sample.stock import make_sample
from sscnet.core.pages import page_cache

# `make bench` runs them first, and `make proof`.
pytestmark = pytest.mark.proof
MB = 1024 * 1024


def timed(rate):
    return Timed([rate], [1 / rate])


def result(size, rate, **others):
    rates = {ANEW: rate, KEPT: 410, UNCHANGED: 410, "limit": 1000, "naive": 2000 / size}
    values = {
        "size": size,
        "made_in": 1,
        "times": {kind.name: {way: timed(rates[way]) for way in ways(kind)} for kind in kinds.ALL},
        "queries": {kind.name: 5 for kind in kinds.ALL},
        "new_words_find": 0.33,
        "list_bytes": 50 * 1024,
        "first_visit_bytes": 100 * 1024,
        "csv": Stream(0.5, 30, 9 * MB, 20 * MB, MB),
        "iati": Stream(0.5, 3, 90 * MB, 20 * MB, MB),
        "engine": {"size": 65 * MB, "built": 1, "rebuilt": 0.02},
        "after_edit": 0.06,
        "search_after_edit": 0.08,
        "worker_memory": 90 * MB,
        "edits_are_seen": True,
        "mix": mix.Mix(new=[180, 200], old=[100, 100]),
    }
    return Measurement(**values | others)


def lines(rows):
    return {cells[0]: cells[1:] for cells in rows}


class TestReport:
    results = [result(1_000, 90), result(10_000, 60), result(100_000, 40)]

    def test_share_of_limit_is_held_against_its_aim(self):
        shares = lines(report.share_rows(self.results, ANEW))

        assert shares["list, no filter"] == ["0.090", "0.060", "0.040", "≥ 0.08", "**missed**"]
        assert shares["a word not asked before, in a third of all"][-1] == "met"
        assert lines(report.share_rows(self.results, KEPT))["home"][-2:] == ["≥ 0.4", "met"]
        assert lines(report.share_rows(self.results, UNCHANGED))["home"][-1] == "**missed**"

    def test_growth_is_from_thousand(self):
        rows = lines(report.time_rows(self.results))

        assert rows["project page"][:3] == ["11.1 ms", "16.7 ms", "25.0 ms"]
        assert rows["project page"][3:] == ["× 1.50 ≤ 1.4; × 2.25 ≤ 2", "**missed**"]
        assert rows["home"][3] == "× 1.50 ≤ 1.4"

    def test_times_as_fast_as_naive(self):
        assert lines(report.naive_rows(self.results))["list, one filter"][0] == "45"

    def test_queries_are_few_and_alike(self):
        more = result(10_000, 60, queries={kind.name: 6 for kind in kinds.ALL})

        assert lines(report.query_rows(self.results))["home"][-1] == "met"
        assert lines(report.query_rows([self.results[0], more]))["home"][-1] == "**missed**"

    def test_mix_is_held_against_the_code_of_before(self):
        rows = lines(report.mix_rows(self.results))

        assert rows["today's over that of before"][0] == "1.90"
        assert report.mix_rows([result(1_000, 90, mix=None)]) == []

    def test_other_figures(self):
        rows = lines(report.other_rows(self.results))

        assert rows["the first list after an edit, ms"] == [
            *["60"] * 3,
            "≤ 50 / 500 / 3000",
            "**missed**",
        ]
        assert rows["an index in a process, MB"][-1] == "**missed**"
        assert rows["memory it takes late, MB"] == ["", "", "", "≤ 8", ""]

    @pytest.mark.django_db
    def test_whole_text(self):
        text = report.write(self.results, TimingPlan(1, 3), 60, dry=True)

        assert text.count("### ") == 8


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
    @pytest.fixture
    def addresses(self, network):
        make_sample(300, seed=1)
        make_sample_meeting()
        return kinds.addresses()

    def test_every_page_is_there(self, addresses, monkeypatch):
        monkeypatch.setattr(page_cache, "LARGEST_PAGE", 0)

        for kind in kinds.ALL:
            assert Client().get(addresses[kind.name][0]).status_code == 200

    def test_three_filters_find_half_a_page(self, addresses):
        for path in addresses["three"]:
            query = parse_qs(urlsplit(path).query)
            assert len(query) == 3 + len(["samples"])
            assert ProjectFilter.listing(query).count >= kinds.LEAST_FOUND

    def test_new_words_are_different_ones(self, addresses):
        assert len(addresses["new_word"]) == len(set(addresses["new_word"])) > 90

    def test_mix_has_its_addresses(self, addresses):
        chosen = mix.mixed(addresses)

        assert len(chosen) == len(set(chosen)) == sum(mix.ADDRESSES.values()) == 200

    def test_queries_are_counted_of_pages_made_anew(self, addresses):
        counts = figures.query_counts(addresses)

        assert min(counts.values()) > 1


def test_help_needs_no_database():
    done = subprocess.run([sys.executable, "-m", "benchmarks", "--help"], capture_output=True)

    assert done.returncode == 0
