import errno
import os
import subprocess
import sys
from unittest.mock import patch

import pgtrigger
import psycopg
import pytest
import redis
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from projects.models import Project
from sscnet.core.database.connections import LimitedConnection, outage
from sscnet.dev.checks import PRODUCTION
from sscnet.web.errors import is_database_away, server_error


def test_alive_asks_no_database(client):
    # Without the mark for a database any query would fail here.
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"alive\n")


@pytest.mark.django_db
def test_ready_when_every_migration_is_applied(client):
    """And not while one waits."""
    assert client.get("/readyz").status_code == 200
    applied = MigrationRecorder.Migration.objects.filter(app="sessions")
    row = applied.get()
    applied.delete()
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"migrations are waiting\n")
    row.save(force_insert=True)
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_asked_again_it_reads_no_migration_of_the_code(client, django_assert_max_num_queries):
    client.get("/readyz")
    with (
        patch.object(MigrationLoader, "load_disk", side_effect=AssertionError),
        django_assert_max_num_queries(3),
    ):
        assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_not_ready_while_triggers_are_not_those_of_the_models(client):
    trigger = next(t for t in Project._meta.triggers if t.name == "logs_projects")
    for sql in (
        "DROP TRIGGER {name} ON projects_project",
        "COMMENT ON TRIGGER {name} ON projects_project IS 'of an older model'",
        "CREATE TRIGGER pgtrigger_gone AFTER DELETE ON projects_project EXECUTE FUNCTION {name}()",
    ):
        with connection.cursor() as cursor:
            cursor.execute(sql.format(name=trigger.get_pgid(Project)))
        response = client.get("/readyz")
        assert (response.status_code, response.content) == (503, b"triggers are waiting\n"), sql
        pgtrigger.install()
        assert client.get("/readyz").status_code == 200


# ------------------------------------------------------------------ the database is away


@pytest.fixture
def away(monkeypatch, client):
    """Let each connection to the database fail, as while it is restarted."""

    def connect(*args, **kwargs):
        raise psycopg.OperationalError("connection refused")

    monkeypatch.setattr(connection, "connect", wrapped(connect))
    connection.close()
    client.raise_request_exception = False
    yield
    outage.end()


def wrapped(connect):
    def raise_as_django_does(*args):
        with connection.wrap_database_errors:
            connect()

    return raise_as_django_does


@pytest.mark.django_db(transaction=True)
def test_while_the_database_is_away_a_page_in_both_languages_says_so(away, client):
    """The API says it in JSON, and the portal is not ready."""
    pages = [client.get(path) for path in ("/", "/zh-hans/projects/", "/about/")]
    for page in [*pages, client.post("/accounts/login/", {"login": "a@b.org"})]:
        assert (page.status_code, page["Retry-After"]) == (503, "120")
        assert "We will be back" in page.content.decode()
        assert "网站维护中" in page.content.decode()
    for language, text in {"en": "The portal is undergoing", "zh": "网站维护中"}.items():
        response = client.get("/api/v1/projects", headers={"accept-language": language})
        assert (response.status_code, response["Retry-After"]) == (503, "120")
        assert response["Content-Type"] == "application/problem+json"
        assert response.json()["detail"].startswith(text)
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"the database does not answer\n")


@pytest.mark.django_db(transaction=True)
def test_what_was_typed_meanwhile_can_be_sent_again(away, client):
    typed = {"subject": "Biogas", "text": "First line\nsecond <line>"}
    page = client.post("/ask/?about=1", typed).content.decode()

    assert 'action="/ask/?about=1"' in page
    assert 'name="text" value="First line\nsecond &lt;line&gt;"' in page
    assert "再次提交" in page
    with_password = client.post("/accounts/login/", {"login": "a@b.org", "password": "secret"})
    assert "Send it again" not in with_password.content.decode()


@pytest.mark.django_db(transaction=True)
def test_one_request_a_second_looks_whether_the_database_is_back(away, client, monkeypatch):
    looks = []
    monkeypatch.setattr(connection, "ensure_connection", lambda: looks.append(1))
    outage.begin()
    paths = ("/about/", "/projects/", "/readyz", "/healthz")
    statuses = [client.get(path).status_code for path in paths]
    assert (statuses, looks) == ([503, 503, 503, 200], [])

    outage.next_look = 0
    client.get("/robots.txt")
    assert looks == [1]


def test_while_valkey_is_away_a_page_says_so(rf):
    try:
        raise redis.exceptions.ConnectionError
    except redis.exceptions.ConnectionError:
        assert server_error(rf.get("/")).status_code == 503


def test_a_frozen_database_is_given_up(monkeypatch):
    monkeypatch.setattr("sscnet.core.database.connections.ANSWER_SECONDS", 0.2)
    parts = connection.get_connection_params()
    known = {name: parts[name] for name in ("dbname", "host", "port", "user") if name in parts}
    link = LimitedConnection.connect(**known, autocommit=True)
    with pytest.raises(psycopg.OperationalError, match=r"has not answered for 0\.2 s"):
        link.execute("SELECT pg_sleep(2)")
    link.close()


@pytest.mark.django_db
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_where_the_disk_is_full_pages_and_the_api_say_so(client, monkeypatch, number):
    def write(*args, **kwargs):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("projects.catalogue.filters.ProjectFilter.listing", write)
    client.raise_request_exception = False
    page, found = client.get("/projects/"), client.get("/api/v1/projects")

    assert (page.status_code, found.status_code) == (507, 507)
    assert "网站的磁盘已满" in page.content.decode()
    assert found["Content-Type"] == "application/problem+json"
    assert found.json()["detail"].startswith("The portal’s disk is full")
    assert page["Cache-Control"] == "no-store"


def test_an_error_of_one_statement_is_not_taken_for_a_database_that_is_away():
    for error, is_away in (
        (psycopg.OperationalError("connection refused"), True),
        (psycopg.errors.AdminShutdown(), True),
        (psycopg.errors.TooManyConnections(), True),
        (psycopg.errors.DeadlockDetected(), False),
        (psycopg.errors.QueryCanceled(), False),
    ):
        with pytest.raises(DatabaseError) as caught, connection.wrap_database_errors:
            raise error
        assert is_database_away(caught.value) is is_away


@pytest.mark.proof
def test_read_before_gunicorn_forks_the_portal_has_no_thread():
    """Nor a pool of connections, which has threads; neither would outlive the fork."""
    code = "import sscnet.wsgi, threading; print(threading.active_count())"
    production = {name: value for name, value in os.environ.items() if name != "DEBUG"} | PRODUCTION
    assert subprocess.check_output([sys.executable, "-c", code], env=production) == b"1\n"


def test_any_other_error_is_a_500_page(client, monkeypatch):
    def fail(*args, **kwargs):
        raise ValueError

    monkeypatch.setattr("sscnet.web.health.HttpResponse", fail)
    client.raise_request_exception = False

    response = client.get("/healthz")

    assert response.status_code == 500
    assert "Something went wrong" in response.content.decode()
