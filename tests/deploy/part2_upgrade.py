"""Upgraded to a new version and rolled back, while 20 read and delegations come in."""

import re
import threading

import pytest

from tests.deploy.documented import ROOT, documented
from tests.deploy.portal import certificate, current, lay_source
from tests.deploy.visitors import READ, Readers, Visitor, register

MIGRATION = """
from django.db import migrations

class Migration(migrations.Migration):
    dependencies = [("outbox", "{last}")]
    operations = [migrations.RunSQL("COMMENT ON TABLE outbox_message IS 'new'", "")]
"""


# A unit that only one of the versions has.
TIMER = "[Timer]\nOnBootSec=1s\n[Install]\nWantedBy=timers.target\n"
FILES_OF_NEW = "ls -d /etc/systemd/system/sscnet-new.* || true"
NEW_UNITS = f"{FILES_OF_NEW}; systemctl is-active sscnet-new.{{timer,service}}"


@pytest.fixture(scope="module")
def new_version(machine):
    """A source with a newer version and a migration of its own, beside the installed one."""
    project = (ROOT / "pyproject.toml").read_text()
    last = max((ROOT / "sscnet/outbox/migrations").glob("0*.py")).stem
    changed = {
        "pyproject.toml": re.sub('(?m)^version = ".*"$', 'version = "999.1"', project),
        "sscnet/outbox/migrations/0999_new.py": MIGRATION.format(last=last),
        "deploy/units/sscnet-new.service": "[Service]\nUser=sscnet\nExecStart=sleep infinity\n",
        "deploy/units/sscnet-new.timer": TIMER,
    }
    lay_source(machine, "root/new", **changed)


def under_load(machine, people, command):
    """Run a command while 20 read and delegations come in; return readers and registrations."""
    sent, waiting = [], list(people)
    over = threading.Event()

    def send():
        while waiting and not over.wait(0.5):
            person = waiting.pop()
            try:
                page = register(Visitor(certificate(machine), person["session"]), person["path"])
                sent.append("The registration has arrived" in page.text)
            except (AssertionError, OSError, StopIteration) as error:
                sent.append(error)

    sender = threading.Thread(target=send)
    with Readers(20, certificate(machine), READ) as readers:
        sender.start()
        try:
            machine.run(command)
        finally:
            over.set()
            sender.join()
    print(
        f"{command}: {readers.answers} answers, {len(sent)} registrations, {readers.slowest:.1f} s"
    )
    return readers, sent


def test_an_upgrade_fails_no_request(machine, people, new_version):
    before = current(machine)
    upgrade = documented("docs/operate.md", "deploy/upgrade")
    readers, sent = under_load(machine, people[6:80], f"cd /root/new && {upgrade}")
    assert readers.failures == []
    assert [one for one in sent if one is not True] == []
    assert readers.answers > 100
    assert len(sent) > 3
    assert current(machine) != before
    assert "/releases/999.1-" in current(machine)
    assert machine.run(NEW_UNITS, check=False).stdout.split()[-2:] == ["active", "active"]


def test_a_page_of_the_release_before_still_finds_its_files(machine, visitor):
    old = machine.run("readlink /opt/sscnet/previous").stdout.strip()
    machine.run(f"echo 'p{{}}' >{old}/staticfiles/only-there.0123456789ab.css")
    assert visitor.get("/static/only-there.0123456789ab.css").status_code == 200
    assert visitor.get("/static/nowhere.0123456789ab.css").status_code == 404


def test_a_rollback_fails_no_request_and_leaves_the_database(machine, people):
    rollback = documented("docs/operate.md", "/opt/sscnet/current/deploy/rollback")
    readers, sent = under_load(machine, people[80:], rollback)
    assert readers.failures == []
    assert [one for one in sent if one is not True] == []
    assert "/releases/999.1-" not in current(machine)
    assert machine.run(NEW_UNITS, check=False).stdout.split() == ["inactive", "inactive"]
    assert machine.run("/root/sscnet/deploy/install --check", check=False).returncode == 0


@pytest.mark.proof
def test_a_version_that_does_not_start_is_taken_back(machine, visitor):
    wsgi = (ROOT / "sscnet/wsgi.py").read_text()
    lay_source(machine, "root/broken", **{"sscnet/wsgi.py": f"raise SystemExit(1)\n{wsgi}"})
    before = current(machine)
    done = machine.run("/root/broken/deploy/upgrade", check=False)
    assert (done.returncode, current(machine)) == (1, before)
    assert visitor.get("/").status_code == 200
