import gzip
import json
import logging
import re
from contextlib import closing, contextmanager
from io import StringIO
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.db import DatabaseError
from django.test import Client, RequestFactory

from meetings.models.personal_data import with_seal
from sscnet.core.personal_data.secret_addresses import shown_path
from sscnet.monitoring.json_lines import JsonLines, RequestLogFile, TidyRequestErrors
from sscnet.web.history import NoteHistory
from tests import make
from tests.test_addresses import all_patterns

pytestmark = pytest.mark.django_db
LINK = "/person/secret-of-a-person/"
# A secret of each kind, by the name of its part of an address.
TOKEN = "aB3-_kX9" * 4
SECRETS = {
    "token": with_seal(TOKEN, "any"),
    "key": f"c7x1-{'0f' * 16}",
    "reference": "Q-7KXM-3WHD-9RTE",
    "code": "7KXM-3WHD-9RTE",
}
# Parts that anybody may know. A new name needs an answer: here or in SECRETS.
OPEN = {
    "pk", "slug", "institution", "meeting", "question", "person", "extension", "format", "kind",
    "number", "name", "section", "paper", "report", "call", "year", "version", "day",
    "uidb36", "iso2", "folder", "form", "width",
}  # fmt: skip
# Here the name of a secret is that of something public.
OPEN_PATTERNS = re.compile(r"projects/\^\(\?P<code>|api/|figures/")
PART = re.compile(r"\(\?P<(?P<name>\w+)>(?:[^()]|\([^()]*\))*\)|<(?:\w+:)?(?P<plain>\w+)>")


@contextmanager
def written_by(name, formatter, written=None, handler=None):
    """Collect what a logger and those below it write, as the console does in production."""
    written = [] if written is None else written
    if not handler:
        handler = logging.Handler()
        handler.setFormatter(formatter)
        handler.addFilter(TidyRequestErrors())
        handler.emit = lambda record: written.append(handler.format(record))
    logger = logging.getLogger(name)
    level = logger.level
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    yield written
    logger.removeHandler(handler)
    logger.setLevel(level)


class Parsed(JsonLines):
    def format(self, record):
        return json.loads(super().format(record))


@pytest.fixture
def lines():
    """What is written to the log of requests, as in production."""
    with written_by("requests", Parsed()) as written:
        yield written


@pytest.fixture
def everything_logged(monkeypatch, settings):
    # With the log of requests more is written: whole queries.
    settings.REQUEST_LOG = "requests.log"
    monkeypatch.setattr(logging.getLogger("requests"), "level", logging.INFO)
    with (
        written_by(None, JsonLines()) as written,
        written_by("security", logging.Formatter(), written),
    ):
        yield written


def test_a_request_is_a_line_that_says_who_what_and_at_which_cost(client, lines):
    user = make.Officer()
    client.force_login(user)
    client.get("/healthz", REMOTE_ADDR="2001:db8:1:2::3")
    response = client.get("/accounts/email/?q=secret", REMOTE_ADDR="192.0.2.77")

    (before, line) = lines
    assert before["address"] == "2001:db8:1::/48"
    assert line.pop("milliseconds") > 0
    assert re.fullmatch(r"20\d\d-.*T.*\+08:00", line.pop("time"))
    assert line == {
        "level": "INFO",
        "logger": "requests",
        "message": f"GET /accounts/email/ {response.status_code}",
        "request_id": response["X-Request-ID"],
        "account": str(user.pk),
        "address": "192.0.2.0/24",
        "method": "GET",
        "path": "/accounts/email/",
        "status": response.status_code,
    }


def test_the_number_of_a_request_is_the_proxys_if_it_is_well_formed(client, lines):
    for given in ("1f2e3d4c-proxy", "short", "two words 123", "x" * 65):
        number = client.get("/healthz", headers={"x-request-id": given})["X-Request-ID"]
        assert (number == given) is (given == "1f2e3d4c-proxy")
        assert lines[-1]["request_id"] == number


def test_a_link_by_which_one_gets_in_is_in_no_line(client, lines, caplog):
    client.get(LINK)
    request = RequestFactory().get(LINK)
    error = logging.makeLogRecord(
        {
            "msg": "%s: %s",
            "args": ("Internal Server Error", LINK),
            "request": request,
            "status_code": 503,
            "exc_info": (DatabaseError, DatabaseError("x"), None),
        }
    )
    assert TidyRequestErrors().filter(error)

    assert lines[0]["path"] == "/person/…"
    assert error.getMessage() == "Internal Server Error: /person/…"
    assert error.exc_info is None


def names_of(pattern):
    return [found["name"] or found["plain"] for found in PART.finditer(pattern)]


def secret_addresses():
    """Give an address of each pattern that holds a secret, with the secret."""
    for pattern in all_patterns():
        if pattern.startswith("admin/") or OPEN_PATTERNS.match(pattern):
            continue
        for name in set(names_of(pattern)) & SECRETS.keys():
            secret = TOKEN if "invitation" in pattern else SECRETS[name]
            values = {"pk": "12", "slug": "bamboo", "uidb36": "1", name: secret}
            filled = PART.sub(lambda m: values.get(m["name"] or m["plain"], "7"), pattern)  # noqa: B023
            yield "/" + filled.replace("^", "").replace("$", ""), secret


def misspelt(address):
    """Give an address as people and programs write it when they err."""
    first, _slash, rest = address[1:].partition("/")
    return {
        "as it is": address,
        "no last slash": address.rstrip("/"),
        "unknown tail": f"{address}travl/",
        "Chinese": f"/zh-hans{address}",
        "unknown language": f"/de{address}",
        "capitals and slashes": f"//{first.upper()}//{rest}",
        "a letter missing": f"/{first[1:]}/{rest}",
        "a space": f"/{first}/ {rest}",
        "encoded": f"/{first}%2F{quote(rest, safe='')}",
        "encoded twice": f"/{first}%252F{quote(quote(rest, safe=''), safe='')}",
        "secret in the query": f"/accounts/login/?next={quote(quote(address))}",
        "secret as a name": f"/accounts/login/?{quote(address, safe='')}=1&pass=x{rest}",
    }


def test_each_part_of_an_address_is_known_to_be_open_or_secret():
    elsewhere = [pattern for pattern in all_patterns() if not pattern.startswith("admin/")]
    names = {name for pattern in elsewhere for name in names_of(pattern)}

    assert names - OPEN - SECRETS.keys() == set(), "may anybody know it? Then add it to OPEN"
    assert len({address.split("/")[1] for address, _ in secret_addresses()}) == 6


@pytest.mark.parametrize(("address", "secret"), sorted(secret_addresses()))
def test_no_log_and_no_history_holds_a_secret_however_its_address_is_spelt(
    client, everything_logged, address, secret
):
    # A refused form is told of by another logger.
    Client(enforce_csrf_checks=True).post(address)
    for spelt in misspelt(address).values():
        client.get(spelt)
        url = NoteHistory(lambda request: None).get_context(RequestFactory().post(spelt))["url"]
        everything_logged.append(url)
    secrets = {secret, quote(secret), secret.rpartition("-")[2]}

    assert len(everything_logged) > 20
    assert [line for line in everything_logged if any(one in line for one in secrets)] == []


def test_what_holds_no_secret_stays_whole_in_the_log():
    for path in (
        "/projects/SSC-0001/",
        "/ask/project/bamboo/",
        "/check/",
        "/meetings/calendar.ics",
        "/meetings/annual/register/bamboo/person/30/travel/",
        f"/files/documents/{'0f' * 16}.pdf",
        "/zh-hans/members/竹子/",
        "/projects/100%25/",
    ):
        assert shown_path(path) == path
    assert shown_path(f"/%{'25' * 9}70erson/x/") == "/…"


@pytest.fixture
def request_log(settings, tmp_path):
    """The log of requests as a host in mainland China has it, in a file."""
    settings.REQUEST_LOG = tmp_path / "requests.log"
    handler = RequestLogFile(settings.REQUEST_LOG, delay=True)
    handler.setFormatter(JsonLines())
    with closing(handler), written_by("requests", None, handler=handler):
        yield settings.REQUEST_LOG


def test_a_command_says_what_an_address_or_an_account_did(client, request_log):
    client.get("/projects/?q=%E7%AB%B9&code=7X1&mail=wang%40example.org", REMOTE_ADDR="192.0.2.77")
    client.get(LINK, REMOTE_ADDR="2001:db8::3")
    client.force_login(user := make.Officer())
    client.get("/accounts/email/", REMOTE_ADDR="192.0.2.80")
    client.get(f"/accounts/invitation/{TOKEN}/", REMOTE_ADDR="192.0.2.80")
    old = request_log.with_name("requests.log-20261128-1.gz")
    line = json.loads(request_log.read_text().splitlines()[0]) | {"time": "2026-11-28T23:59:01"}
    old.write_bytes(gzip.compress(json.dumps(line).encode() + b'\n{"cut'))

    def asked(*args):
        call_command(
            "requests", *map(str, args), str(old), str(request_log), stdout=(out := StringIO())
        )
        return out.getvalue().splitlines()

    before, one = asked("--address", "192.0.2.77")
    assert before == one.replace(one[:19], "2026-11-28T23:59:01")
    assert one.endswith(" 192.0.2.77 None GET /projects/?q=竹&code=…&mail=… 200")
    assert asked("--address", "192.0.2.77", "--to", "2026-11-28T23") == [before]
    assert asked("--address", "192.0.2.77", "--from", one[:10]) == [one]
    assert len(asked("--address", "192.0.2.0/24")) == 4
    (mine,) = asked("--account", user.pk)
    assert "/accounts/email/" in mine
    assert "/person/…" in asked("--address", "2001:db8::3")[0]


def test_a_log_that_cannot_be_written_stops_no_page(client, request_log, capsys):
    client.get("/healthz")
    request_log.unlink()
    request_log.mkdir()
    assert client.get("/healthz").status_code == 200
    assert "Logging error" in capsys.readouterr().err
