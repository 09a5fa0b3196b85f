import pytest
from django.db import DatabaseError
from django.db.migrations.recorder import MigrationRecorder


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
def test_not_ready_without_a_database(client, monkeypatch):
    def refuse(*args):
        raise DatabaseError

    monkeypatch.setattr("sscnet.health.MigrationExecutor", refuse)
    assert client.get("/readyz").status_code == 503
