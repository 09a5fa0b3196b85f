import pgtrigger
import pytest
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder

from projects.models import Project


def test_alive_asks_no_database(client):
    # Without the mark for a database any query would fail here.
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"alive\n")


@pytest.mark.django_db
def test_ready_when_every_migration_is_applied(client):
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_not_ready_while_a_migration_waits(client):
    MigrationRecorder.Migration.objects.filter(app="sessions").delete()
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"migrations are waiting\n")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql",
    [
        "DROP TRIGGER {name} ON projects_project",
        "COMMENT ON TRIGGER {name} ON projects_project IS 'of an older model'",
        "CREATE TRIGGER pgtrigger_gone AFTER DELETE ON projects_project EXECUTE FUNCTION {name}()",
    ],
)
def test_not_ready_while_triggers_are_not_those_of_the_models(client, sql):
    trigger = next(t for t in Project._meta.triggers if t.name == "logs_projects")
    with connection.cursor() as cursor:
        cursor.execute(sql.format(name=trigger.get_pgid(Project)))
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"triggers are waiting\n")
    pgtrigger.install()
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_not_ready_without_a_database(client, monkeypatch):
    def refuse(*args):
        raise DatabaseError

    monkeypatch.setattr("sscnet.health.MigrationExecutor", refuse)
    assert client.get("/readyz").status_code == 503
