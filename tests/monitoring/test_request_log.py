import json
import logging
import re

import pytest
from django.db import DatabaseError
from django.test import RequestFactory

from sscnet.monitoring.json_lines import JsonLines, TidyRequestErrors
from sscnet.monitoring.request_log import shortened
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
LINK = "/person/secret-of-a-person/"


@pytest.fixture
def lines(settings):
    """What is written to the log of requests, as in production."""
    handler, written = logging.Handler(), []
    handler.setFormatter(JsonLines())
    handler.emit = lambda record: written.append(json.loads(handler.format(record)))
    logger = logging.getLogger("requests")
    level = logger.level
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    yield written
    logger.removeHandler(handler)
    logger.setLevel(level)


def test_a_request_is_a_line_that_says_who_what_and_at_which_cost(client, lines):
    user = UserFactory(is_staff=True)
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


@pytest.mark.parametrize(
    ("given", "is_taken"),
    [("1f2e3d4c-proxy", True), ("short", False), ("two words 123", False), ("x" * 65, False)],
)
def test_the_number_of_a_request_is_the_proxys_if_it_is_well_formed(client, lines, given, is_taken):
    number = client.get("/healthz", headers={"x-request-id": given})["X-Request-ID"]
    assert (number == given) is is_taken
    assert lines[0]["request_id"] == number


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

    assert lines[0]["path"] == "/person/…/"
    assert error.getMessage() == "Internal Server Error: /person/…/"
    assert error.exc_info is None


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("forged", None),
        (None, None),
    ],
)
def test_of_an_address_the_network_is_kept(address, network):
    assert shortened(address) == network
