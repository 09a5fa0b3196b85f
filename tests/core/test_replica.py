"""Which database public pages are read from, where there is a replica."""

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection, connections, router
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from projects.models import Project
from sscnet.core.database import replica as module
from sscnet.core.database.routers import REPLICA, database_for_reads, reading_from
from sscnet.facets import engine
from sscnet.search import renewal
from tests import make

pytestmark = pytest.mark.django_db

NEVER = float("inf")


@pytest.fixture
def replica(settings, monkeypatch):
    """The test's own transaction under the name of the replica, found fresh."""
    monkeypatch.setitem(settings.DATABASES, REPLICA, settings.DATABASES["default"])
    settings.DATABASE_ROUTERS = ["sscnet.core.database.routers.ReplicaRouter"]
    monkeypatch.setattr(module.freshness, "fresh", True)
    monkeypatch.setattr(module.freshness, "asked_again_at", NEVER)
    wrapper = connections.create_connection(REPLICA)
    wrapper.connection, wrapper.in_atomic_block = connection.connection, True
    connections[REPLICA] = wrapper
    engine.forget()
    yield wrapper
    del connections[REPLICA]


def queries(client, path) -> tuple[int, int]:
    """Return how many queries the primary and the replica answer."""
    with (
        CaptureQueriesContext(connection) as of_primary,
        CaptureQueriesContext(connections[REPLICA]) as of_replica,
    ):
        assert client.get(path).status_code == 200
    return len(of_primary), len(of_replica)


def test_whoever_is_not_signed_in_reads_from_the_replica_alone(client, replica):
    shown = [make.Project(), make.Institution(), make.Meeting()]
    lists = ["/", "/projects/", "/projects/?country=VN", "/members/", "/meetings/", "/figures/"]
    paths = [*lists, "/countries/", "/calls/", *(one.get_absolute_url() for one in shown)]

    # What a search has to renew first, the primary does.
    renewal.refresh_all()

    found = {path: queries(client, path) for path in paths}

    assert [path for path, (of_primary, of_replica) in found.items() if of_primary] == []
    assert [path for path, (of_primary, of_replica) in found.items() if not of_replica] == []


def test_who_has_a_session_reads_from_the_primary(client, replica, settings):
    client.cookies[settings.SESSION_COOKIE_NAME] = "some"

    assert queries(client, "/projects/")[1] == 0


def test_the_api_counts_on_the_primary_and_reads_from_the_replica(client, replica):
    renewal.refresh_all()
    with CaptureQueriesContext(connection) as of_primary:
        assert queries(client, "/api/v1/projects")[1] > 0

    asked = [query["sql"] for query in of_primary if "SAVEPOINT" not in query["sql"]]
    assert [sql for sql in asked if "portal_cache" not in sql] == []
    assert asked != []


def refuse(*args):
    raise OperationalError("the server closed the connection")


def test_a_replica_that_does_not_answer_is_left_and_the_page_is_made(client, replica, monkeypatch):
    monkeypatch.setattr(replica, "cursor", refuse)

    assert client.get("/projects/").status_code == 200
    assert not module.freshness.fresh


def test_pages_stay_while_the_primary_does_not_answer(client, replica, monkeypatch):
    monkeypatch.setattr(module.freshness, "asked_again_at", 0.0)
    monkeypatch.setattr(connections["default"], "cursor", refuse)

    assert client.get("/meetings/").status_code == 200


@pytest.mark.parametrize(("sql", "used"), [("SELECT true", 1), ("SELECT false", 0)])
def test_a_replica_that_lags_is_left_until_it_does_not(client, replica, monkeypatch, sql, used):
    monkeypatch.setattr(module, "IS_FRESH", f"{sql} OR %s::text = 'x' OR %s = -1")
    monkeypatch.setattr(module.freshness, "fresh", not used)
    monkeypatch.setattr(module.freshness, "asked_again_at", 0.0)
    client.get("/projects/")

    assert module.freshness.fresh is bool(used)


def test_one_that_was_promoted_is_fresh(replica):
    module.freshness.fresh = False
    module.freshness.look()

    assert module.freshness.fresh


def test_what_the_replica_shows_provisionally_is_made_by_the_primary(rf, replica):
    request = rf.get("/search/?q=rice")
    request.stamps = "the replica's"

    def create():
        request.is_provisional = database_for_reads.get() == REPLICA
        return HttpResponse()

    assert module.from_replica(request, create) is None
    assert not hasattr(request, "stamps")


def test_writes_and_counters_go_to_the_primary(replica):
    record = make.Project()
    with reading_from(REPLICA):
        record = Project.objects.get(pk=record.pk)
        assert record._state.db == REPLICA
        assert router.db_for_write(Project, instance=record) == "default"
        with CaptureQueriesContext(connection) as of_primary:
            cache.set("counted", 1)
            assert cache.get("counted") == 1
        assert len(of_primary) == 2
