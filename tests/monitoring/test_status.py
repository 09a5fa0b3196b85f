"""What `sscnet status` says of a portal and its machine, one trouble planted at a time."""

import json
import os
import re
import subprocess
import sys
import time
from datetime import timedelta
from io import StringIO
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from sscnet.monitoring import status
from sscnet.monitoring.request_log import REQUESTS
from sscnet.outbox import due
from sscnet.outbox.delivery import tasks
from sscnet.outbox.models import Message
from tests import make
from tests.tls import certificate, https_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def healthy(settings, tmp_path, monkeypatch):
    """A portal in whose state nothing is wrong: the tests' database only confirms too early."""
    settings.OPERATIONS_FOLDER = settings.MEDIA_ROOT = tmp_path
    settings.SECURITY_LOG = str(tmp_path / "security.log")
    note(settings, "backup", places=2, elsewhere_at=timezone.now().isoformat())
    note(settings, "drill", equal=True)
    due.run_registered()
    # What other tests made of the portal.
    REQUESTS.clear()
    monkeypatch.setattr(status, "SAFE_SETTINGS", ["enable_seqscan"])
    monkeypatch.setattr(status, "ROOM_NEEDED", 0)
    with https_server(certificate(tmp_path)[0]) as (server, settings.PORTAL_ADDRESS):
        yield server


def note(settings, name, days=0, **fields):
    finished = (timezone.now() - timedelta(days=days)).isoformat()
    file = settings.OPERATIONS_FOLDER / f"{name}.json"
    file.write_text(json.dumps({"finished_at": finished} | fields))


def said(**options):
    """The lines, and whether the command failed."""
    out = StringIO()
    try:
        call_command("status", stdout=out, **options)
    except CommandError:
        return out.getvalue().splitlines(), True
    return out.getvalue().splitlines(), False


def to_do():
    lines, _has_failed = said()
    named = {line.partition(":")[0] for line in lines if line.startswith(("wrong", "to do"))}
    return {name.partition("\t")[2] for name in named} - {"Certificate"}


def write_late_mail(**fields):
    at = timezone.now() - timedelta(hours=1)
    Message.objects.create(
        key=uuid4(), to="a@example.org", next_try_at=at, **{"created_at": at} | fields
    )


def plant_log(settings):
    yesterday = (timezone.now() - timedelta(days=1)).isoformat()
    line = json.dumps({"at": yesterday, "event": "password_wrong", "address": "192.0.2.7"})
    (settings.MEDIA_ROOT / "security.log").write_text(f"{line}\n" * 150 + "{broken\n")


class Refusing:
    def open(self):
        raise ConnectionRefusedError("refused")


# Where it is named, and what plants it.
TROUBLES = {
    "the database has no migrations": (
        "Database",
        lambda **_: MigrationRecorder.Migration.objects.filter(app="sessions").delete(),
    ),
    "what is confirmed may get lost": (
        "Database",
        lambda **_: connection.cursor().execute("SET LOCAL enable_seqscan = off"),
    ),
    "pages answer 503": ("Pages", lambda server, **_: setattr(server, "status", 503)),
    "the worker stopped": ("Worker", lambda **_: cache.set(due.LAST_RUN, time.time() - 3600)),
    "a mail waits": ("Mail", lambda **_: write_late_mail()),
    "a mail was given up": ("Mail", lambda **_: write_late_mail(failed_at=timezone.now())),
    "the mail server is down": (
        "Mail server",
        lambda monkeypatch, **_: monkeypatch.setattr(
            status, "mailers", SimpleNamespace(default=Refusing())
        ),
    ),
    "the backup is old": ("Backup here", lambda settings, **_: note_old_backup(settings)),
    "the backup elsewhere is old": (
        "Backup elsewhere",
        lambda settings, **_: note(settings, "backup", places=2, elsewhere_at=two_days_ago()),
    ),
    "there is no second place": (
        "Backup elsewhere",
        lambda settings, **_: note(settings, "backup", places=1),
    ),
    "the archive stopped": (
        "Archive of the database's log",
        lambda monkeypatch, **_: monkeypatch.setattr(
            status, "LAST_ARCHIVED", "SELECT now() - interval '1000 seconds'"
        ),
    ),
    "the drill failed": (
        "Drill of a restore",
        lambda settings, **_: note(settings, "drill", equal=False),
    ),
    "the drill is old": (
        "Drill of a restore",
        lambda settings, **_: note(settings, "drill", days=41, equal=True),
    ),
    "the disk is full": (
        "Disk",
        lambda monkeypatch, **_: monkeypatch.setattr(status, "ROOM_NEEDED", 2),
    ),
    "passwords are tried": ("Yesterday's sign-ins", lambda settings, **_: plant_log(settings)),
}


def two_days_ago():
    return (timezone.now() - timedelta(days=2)).isoformat()


def note_old_backup(settings):
    now = timezone.now().isoformat()
    note(settings, "backup", days=2, places=2, elsewhere_at=now)


def test_of_a_healthy_portal_each_line_is_ok(healthy):
    lines, has_failed = said()
    assert to_do() == set()
    assert not has_failed
    # The certificate of the test is self-signed: that is told, and stops nothing.
    assert [line.split("\t")[1][:12] for line in lines if line.startswith("to do")] == [
        "Certificate:"
    ]
    clocks = next(line for line in lines if "Clocks" in line)
    assert re.search(r"go by Asia/Shanghai, .* by \w+", clocks)


@pytest.mark.parametrize("trouble", TROUBLES)
def test_each_trouble_is_named_alone(healthy, settings, monkeypatch, trouble):
    name, plant = TROUBLES[trouble]
    plant(server=healthy, settings=settings, monkeypatch=monkeypatch)
    assert to_do() == {name}


def test_in_chinese_it_says_the_same(healthy, settings):
    note(settings, "drill", equal=False)
    lines, has_failed = said(language="zh-hans")
    assert has_failed
    assert any("恢复演练" in line for line in lines)


def test_a_database_that_is_down_is_named_without_migrating(settings, tmp_path):
    """By a process of its own, whose checks would ask the database too."""
    values = {"DEBUG": "true", "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    done = subprocess.run(
        [sys.executable, "manage.py", "status"],
        check=False,
        capture_output=True,
        text=True,
        cwd=settings.BASE_DIR,
        env=os.environ | values | {"OPERATIONS_FOLDER": str(tmp_path)},
    )
    assert "-> systemctl status 'postgresql@*'" in done.stdout
    assert "Mail:" not in done.stdout
    assert "Disk:" in done.stdout
    assert "Traceback" not in done.stderr
    # What the pool of connections tries again and again is said once.
    assert done.stderr.count("connection failed") <= 1
    assert done.returncode == 1


def test_a_task_that_waits_names_the_worker(healthy, settings, monkeypatch):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    tasks.nudge()
    assert to_do() == set()
    monkeypatch.setattr(status, "WORK_IS_LATE", 0)
    assert to_do() == {"Worker"}


def test_what_waits_for_its_hour_is_not_late(healthy, settings):
    settings.MAIL_AN_HOUR = 5
    write_late_mail()
    assert to_do() == {"Mail"}
    for _ in range(4):
        write_late_mail(sent_at=timezone.now())
    assert to_do() == set()


def test_a_certificate_that_ends_soon_is_wrong(healthy, settings, tmp_path):
    with https_server(certificate(tmp_path, days=9)[0]) as (_server, settings.PORTAL_ADDRESS):
        lines, has_failed = said()
    assert has_failed
    assert "wrong\tCertificate: 9 days left" in "\n".join(lines).replace("8 days", "9 days")


def test_a_certificate_whose_issuers_are_missing_is_wrong(healthy, settings, tmp_path):
    signed = certificate(tmp_path, issuer="Authority")[0]
    with https_server(signed) as (_server, settings.PORTAL_ADDRESS):
        assert to_do() == {"Pages"}


def test_a_release_of_last_year_is_old(healthy, settings, tmp_path):
    settings.BASE_DIR = tmp_path / "2025.11.29-0123abcd"
    assert to_do() == {"Version of the portal"}
    assert not said()[1]


def test_the_slowest_pages_are_named(healthy, client):
    for _ in range(10):
        client.get("/about/")
    [line] = [line for line in said()[0] if "Slowest" in line]
    assert re.search(r"\w+ \d+ ms", line)


def test_an_error_of_ours_is_counted(healthy):
    REQUESTS.labels("home", 500).inc()
    assert to_do() == {"Slowest pages"}
    REQUESTS.clear()


def test_an_administrator_sees_the_same_page(healthy, settings, client):
    note(settings, "drill", equal=False)
    client.force_login(make.Administrator())
    assert "drill.txt" in client.get("/admin/status/").content.decode()
    client.force_login(make.Officer())
    assert client.get("/admin/status/").status_code == 403


def test_timers_go_by_the_time_of_the_office(settings):
    deploy = settings.BASE_DIR / "deploy"
    units = "".join(file.read_text() for file in (deploy / "units").glob("*.timer"))
    times = re.findall("OnCalendar=(.*)", units)
    assert {time.split()[-1] for time in times} == {"minutely", settings.TIME_ZONE}
    assert f"echo {settings.TIME_ZONE}" in (deploy / "lib.sh").read_text()
