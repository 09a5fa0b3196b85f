"""What `manage.py check_install` says of a machine, one thing broken at a time."""

import json
import re
import time
from datetime import timedelta
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from secretariat.setup import installation
from sscnet.outbox import due
from sscnet.outbox.delivery import tasks
from tests.tls import certificate, https_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def healthy(settings, tmp_path, monkeypatch):
    """A machine on which nothing is wrong: the tests' database only confirms too early."""
    settings.OPERATIONS_FOLDER = settings.MEDIA_ROOT = tmp_path
    note_backup(settings, timezone.now())
    due.run_registered()
    monkeypatch.setattr(installation, "SAFE_SETTINGS", ("enable_seqscan",))
    monkeypatch.setattr(installation, "ROOM_NEEDED", 0)


def note_backup(settings, moment):
    file = settings.OPERATIONS_FOLDER / "backup.json"
    file.write_text(json.dumps({"finished_at": moment.isoformat()}))


def said():
    """The lines, and whether the command failed."""
    out = StringIO()
    try:
        call_command("check_install", stdout=out)
    except CommandError:
        return out.getvalue().splitlines(), True
    return out.getvalue().splitlines(), False


def to_do():
    lines, has_failed = said()
    assert has_failed
    return [line.split()[2] for line in lines if line.startswith("to do")]


def test_of_a_healthy_machine_each_line_is_ok(healthy):
    lines, has_failed = said()
    assert [line.split()[0] for line in lines[:-1]] == ["ok"] * len(installation.LOOKS)
    assert not has_failed
    # And whose time the clocks show.
    assert "The office's time is Asia/Shanghai" in lines[-1]
    assert re.search(r"The machine's clock, .* is in \w+", lines[-1])


def test_each_thing_that_is_broken_is_named(healthy, monkeypatch):
    def refuse():
        raise ConnectionRefusedError("refused")

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        # What is confirmed too early.
        assert to_do() == ["durability"]
        cursor.execute("SET LOCAL enable_seqscan = on")
    monkeypatch.setattr(installation, "ROOM_NEEDED", 2)
    assert to_do() == ["room"]
    monkeypatch.setattr(installation, "ROOM_NEEDED", 0)
    mailers = installation.mailers
    monkeypatch.setattr(
        installation, "mailers", SimpleNamespace(default=SimpleNamespace(open=refuse))
    )
    assert to_do() == ["mail"]
    monkeypatch.setattr(installation, "mailers", mailers)
    last_run = cache.get(due.LAST_RUN)
    cache.set(due.LAST_RUN, time.time() - 3600)
    assert to_do() == ["timer"]
    cache.set(due.LAST_RUN, last_run)
    MigrationRecorder.Migration.objects.filter(app="sessions").delete()
    assert to_do() == ["database"]


def test_a_database_that_is_down_is_named_without_migrating(healthy, monkeypatch):
    def refuse(*args, **kwargs):
        raise OperationalError("refused")

    monkeypatch.setattr(connection, "cursor", refuse)
    monkeypatch.setattr(installation, "LOOKS", [installation.database])
    (named, _clocks), failed = said()
    assert named == (
        "to do  database  the database does not answer: systemctl status postgresql@17-main"
    )
    assert failed


def test_a_worker_that_stopped_is_named(healthy, settings, monkeypatch):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    tasks.nudge()
    assert not said()[1]
    monkeypatch.setattr(installation, "TASK_IS_LATE", 0)
    assert to_do() == ["worker"]


def test_an_old_backup_is_named_and_none_too(healthy, settings):
    note_backup(settings, timezone.now() - timedelta(days=2))
    assert to_do() == ["backup"]
    (settings.OPERATIONS_FOLDER / "backup.json").unlink()
    assert to_do() == ["backup"]


def test_a_certificate_that_ends_soon_is_named(healthy, settings, tmp_path):
    with https_server(certificate(tmp_path, days=9)[0]) as (_server, settings.PORTAL_ADDRESS):
        assert to_do() == ["certificate"]
    # Nobody answers there now.
    assert to_do() == ["certificate"]


def test_timers_go_by_the_time_of_the_office(settings):
    deploy = settings.BASE_DIR / "deploy"
    units = "".join(file.read_text() for file in (deploy / "units").glob("*.timer"))
    times = re.findall("OnCalendar=(.*)", units)
    assert len(times) > 4
    assert {time.split()[-1] for time in times} == {"minutely", settings.TIME_ZONE}
    assert f"echo {settings.TIME_ZONE}" in (deploy / "lib.sh").read_text()
