import json
import logging
import re
from contextlib import contextmanager
from urllib.parse import quote

import pytest
from django.db import DatabaseError
from django.test import Client, RequestFactory

from sscnet.core.personal_data.personal_links import with_seal
from sscnet.core.personal_data.secret_addresses import shown_path
from sscnet.monitoring.json_lines import JsonLines, TidyRequestErrors
from sscnet.monitoring.request_log import shortened
from sscnet.web.history import NoteHistory
from tests import make
from tests.test_addresses import all_patterns

pytestmark = pytest.mark.django_db
LINK = "/person/secret-of-a-person/"
# A secret of each kind, by the name of its part of an address.
TOKEN = "aB3-_kX9" * 4
SECRETS = {
    "token": with_seal(TOKEN, "any"),
    "seal": with_seal("", "any")[1:],
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
def written_by(name, formatter, written=None):
    """Collect what a logger and those below it write, as the console does in production."""
    handler, written = logging.Handler(), [] if written is None else written
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
def everything_logged(monkeypatch):
    monkeypatch.setattr(logging.getLogger("requests"), "level", logging.INFO)
    with (
        written_by(None, JsonLines()) as written,
        written_by("security", logging.Formatter(), written),
    ):
        yield written


def test_a_request_is_a_line_that_says_who_what_and_at_which_cost(client, lines):
    user = make.Officer()
    client.force_login(user)
    response = client.get("/accounts/email/?q=secret", REMOTE_ADDR="192.0.2.77")

    (line,) = lines
    assert line.pop("milliseconds") > 0
    assert line.pop("queries") > 1
    assert re.fullmatch(r"20\d\d-.*T.*\+00:00", line.pop("time"))
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
        "secret in the query": f"/accounts/login/?next={quote(address)}",
    }


def test_each_part_of_an_address_is_known_to_be_open_or_secret():
    elsewhere = [pattern for pattern in all_patterns() if not pattern.startswith("admin/")]
    names = {name for pattern in elsewhere for name in names_of(pattern)}

    assert names - OPEN - SECRETS.keys() == set(), "may anybody know it? Then add it to OPEN"
    assert len({address.split("/")[1] for address, _ in secret_addresses()}) == 7


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


def test_of_an_address_the_network_is_kept():
    networks = {"192.0.2.77": "192.0.2.0/24", "2001:db8:1:2::3": "2001:db8:1::/48"}
    networks |= {"forged": None, None: None}
    assert {address: shortened(address) for address in networks} == networks
