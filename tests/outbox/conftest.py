from dataclasses import replace

import pytest
from django.db import connection
from django_tasks_db.models import DBTaskResult

from sscnet.outbox import wordings
from tests.outbox.wordings import INVITATION


@pytest.fixture
def invitation(monkeypatch):
    """Register a wording for the test, the only one there is."""
    monkeypatch.setattr(wordings, "WORDINGS", {INVITATION.key: INVITATION})
    return INVITATION


@pytest.fixture
def secret(invitation):
    """Register the same wording as a secret as well."""
    secret = replace(invitation, key="test_secret", holds_secret=True, secrets=frozenset({"days"}))
    wordings.WORDINGS[secret.key] = secret
    return secret


@pytest.fixture
def no_tasks(transactional_db):
    """Take away the table of tasks, so that a nudge cannot be stored."""
    rename(DBTaskResult._meta.db_table, "taken_away")
    yield
    rename("taken_away", DBTaskResult._meta.db_table)


def rename(table, name):
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO {name}")
