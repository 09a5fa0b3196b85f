"""A run takes half an hour: that its end is written well is tried beforehand."""

import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from benchmarks import kinds, mix, report
from benchmarks.load import Load, Turn
from benchmarks.report import Measurement
from benchmarks.timing import ANEW, KEPT, LIMIT, Timed, TimingPlan
from projects.catalogue.filters import ProjectFilter
from sscnet.core.pages import page_cache
from tests.many_records import make_many

# `make bench` runs them first, and `make proof`.
pytestmark = pytest.mark.proof


def timed(rate):
    return Timed([rate], [1 / rate])


def result(size, rate, **others):
    rates = {ANEW: rate, KEPT: 390, LIMIT: 1000}
    values = {
        "size": size,
        "times": {kind.name: {way: timed(one) for way, one in rates.items()} for kind in kinds.ALL},
        "after_edit": 0.06,
        "mix": [180, 200],
    }
    return Measurement(**values | others)


def lines(rows):
    return {cells[0]: cells[1:] for cells in rows}


class TestReport:
    results = [result(1_000, 90), result(10_000, 60)]

    def test_share_of_limit_is_held_against_its_aim(self):
        shares = lines(report.share_rows(self.results, ANEW))

        assert shares["list, no filter"] == ["0.090", "0.060", "≥ 0.08", "**missed**"]
        assert shares["a word not asked before, in a third of all"][-1] == "met"
        assert lines(report.share_rows(self.results, KEPT))["home"][-2:] == ["≥ 0.4", "**missed**"]

    def test_growth_is_from_thousand(self):
        assert lines(report.time_rows(self.results))["home"] == [
            *("11.1 ms", "16.7 ms", "× 1.50 ≤ 1.4", "**missed**")
        ]

    def test_edits_and_the_mix(self):
        rows = lines(report.edit_rows(self.results))

        assert rows["the first list after an edit, ms"] == ["60", "60", "≤ 50 / 500", "**missed**"]
        assert rows["the mix, requests a second"][0] == "190"

    @pytest.mark.django_db
    def test_whole_text(self):
        text = report.write(self.results, TimingPlan(1, 3), 60, dry=True)

        assert text.count("### ") == 4


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
        answers = Load(Turn(port, ["/a", "/a", "/b"], {}, once=True)).run()

        assert answers.statuses == {"200": 2, "404": 1}


class TestAddresses:
    @pytest.fixture
    def addresses(self, network):
        make_many(600)
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


def test_help_needs_no_database():
    done = subprocess.run([sys.executable, "-m", "benchmarks", "--help"], capture_output=True)

    assert done.returncode == 0
