"""Backed up in a second place and restored by docs/operate.md: beside the portal, and in place."""

import json
import re

import pytest

from tests.deploy.documented import documented
from tests.deploy.machine import wait_for
from tests.deploy.portal import query, registered, sign_in, use_backup_server
from tests.deploy.visitors import register

DEPLOY = "/opt/sscnet/current/deploy"
KEPT = "/var/lib/sscnet-kept"
MAIL = """
from django.utils import timezone
from sscnet.outbox.models import Message
Message.objects.create(
    key="once", kind="once", to="once@example.org", subject="Once", text="Once", html="Once",
    next_try_at=timezone.now(),
)
"""
ERASE = """
from meetings.persons import erasing
from meetings.models import Delegate
for delegate in Delegate.objects.filter(family_name="Erased"):
    erasing.erase_person(delegate)
"""


def test_a_second_place_is_set_and_tried(machine, backup_server, copy, inbox):
    use_backup_server(machine, backup_server)
    done = machine.run(documented("docs/operate.md", "/opt/sscnet/current/deploy/backup set-up"))
    assert done.stdout.splitlines()[-1] == "equal"
    assert sorted(path.name for path in (backup_server / "srv/sscnet").iterdir()) == [
        "database",
        "files",
    ]
    assert "Drill of a restore: equal" in [str(mail["Subject"]) for mail in inbox.mails]


def test_the_backups_are_listed(machine):
    listed = machine.run(documented("docs/operate.md", "setpriv --reuid=postgres")).stdout
    assert re.search(r"repo2: backup set size", listed), listed
    assert "status: ok" in listed


@pytest.fixture(scope="module")
def signed_in(machine, people):
    """One of `people` who has signed in before the moment."""
    return sign_in(machine, people[3])


@pytest.fixture(scope="module")
def moment(machine, people, signed_in, inbox):
    """A moment between two known registrations; a mail that was due then was sent after it, and
    somebody registered before was erased."""
    arrive(sign_in(machine, people[2]), people[2], "Erased")
    arrive(signed_in, people[3], "First")
    machine.run(f"{DEPLOY}/backup files")
    # Its letter is in no backup of the files before the moment.
    arrive(sign_in(machine, people[4]), people[4], "Late")
    machine.run("systemctl stop sscnet-worker.service")
    machine.run("sscnet shell", stdin=MAIL)
    moment = machine.run("sleep 1; TZ=Asia/Shanghai date '+%F %T.%N'; sleep 1").stdout.strip()
    machine.run("systemctl start sscnet-worker.service")
    arrive(sign_in(machine, people[5]), people[5], "Second")
    machine.run("sscnet shell", stdin=ERASE)
    wait_for(lambda: times_sent(inbox) == 1)
    machine.run(f"{DEPLOY}/backup files && {DEPLOY}/backup diff")
    assert registered(machine) == "First Late Second"
    return moment


def arrive(visitor, person, family_name):
    page = register(visitor, person["path"], family_name=family_name)
    assert "The registration has arrived" in page.text


def times_sent(inbox):
    return [str(mail["To"]) for mail in inbox.mails].count("once@example.org")


# ------------------------------------------------------------------ drills


WRITE = """
while psql --quiet sscnet --command="INSERT INTO django_session
    SELECT md5(random()::text), 'x', now() FROM generate_series(1, 20)"; do sleep 0.2; done
"""


def test_a_drill_is_equal_while_rows_are_written(machine, moment):
    machine.run('systemd-run --unit=writer --uid=sscnet bash -c "$WRITE"', WRITE=WRITE)
    said = machine.run(f"{DEPLOY}/drill --keep {KEPT}").stdout
    assert machine.run("systemctl is-active writer; systemctl stop writer").stdout == "active\n"
    assert said.splitlines()[-1] == "equal"


def test_a_drill_names_the_row_and_the_file_that_differ(machine, moment):
    # Without the triggers, which would write history and the log of changes.
    change = "UPDATE members_institution SET city = 'Elsewhere' WHERE slug = 'sample-institute-9'"
    in_kept(machine, f"SET session_replication_role = replica; {change}")
    row = query(machine, "SELECT id FROM members_institution WHERE slug = 'sample-institute-9'")
    changed = machine.run(f"cd {KEPT}/files && find . -type f -printf '%P\\n' | sort | sed -n 1p")
    file = changed.stdout.strip()
    machine.run(f"echo changed >>{KEPT}/files/{file}")
    done = machine.run(f"{DEPLOY}/drill --compare {KEPT}", check=False)
    differences = ["different", f"table members_institution: {row}", f"file: {file}"]
    assert (done.returncode, done.stdout.splitlines()) == (1, differences)
    assert json.loads((machine.root / "var/lib/sscnet/drill.json").read_text())["equal"] is False
    machine.run(f"{DEPLOY}/drill --end {KEPT}")


def in_kept(machine, statement):
    asking = "setpriv --reuid=postgres --regid=postgres --clear-groups psql"
    machine.run(f'{asking} --host={KEPT} sscnet --quiet --command="{statement}"')


# ------------------------------------------------------------------ restores


def test_the_state_of_then_stands_beside_the_portal(machine, moment):
    at_moment = {"2026-11-27 14:05": moment}
    restore = documented("docs/operate.md", "/opt/sscnet/current/deploy/restore --to", at_moment)
    said = machine.run(restore).stdout
    look = re.search("^ +(setpriv .*psql.*)$", said, re.MULTILINE)[1]
    names = "SELECT string_agg(family_name, ' ' ORDER BY id) FROM meetings_delegate"
    found = machine.run(f"cd / && {look} -At --command=\"{names} WHERE family_name <> 'Wang'\"")
    assert found.stdout.split()[-3:] == ["Erased", "First", "Late"]
    assert registered(machine) == "First Late Second"
    machine.run(documented("docs/operate.md", "/opt/sscnet/current/deploy/drill --end"))
    assert not (machine.root / "var/lib/sscnet-then").exists()


def restores(moment):
    at_moment = {"2026-11-27 14:05": moment}
    return documented(
        "docs/operate.md", "/opt/sscnet/current/deploy/restore  ", at_moment
    ).splitlines()


def test_the_newest_state_comes_back(machine, moment, visitor):
    newest, _ = restores(moment)
    machine.run(newest, stdin="yes\n")
    assert registered(machine) == "First Late Second"
    assert visitor.get("/projects/?samples=1").status_code == 200


@pytest.fixture(scope="module")
def undoing(machine, moment):
    """The portal of the moment; the command that undoes the restore."""
    _, to_moment = restores(moment)
    said = machine.run(to_moment, stdin="yes\n").stdout
    return re.search("^To undo it: (.*)$", said, re.MULTILINE)[1]


def test_the_state_of_a_moment_comes_back(machine, undoing, signed_in, inbox):
    """It has the first and not the second; who was erased since is not in it."""
    assert registered(machine) == "First Late"
    machine.run("sscnet check_files && sscnet run_due")
    assert times_sent(inbox) == 1
    held = "SELECT failed_at IS NOT NULL FROM outbox_message WHERE key = 'once'"
    assert query(machine, held) == "t"
    erased = "SELECT count(*) FROM meetings_delegate WHERE family_name = 'Erased'"
    assert query(machine, erased) == "0"
    assert "/accounts/login/" in signed_in.get("/my/").url
    assert machine.run(f"{DEPLOY}/drill").stdout.splitlines()[-1] == "equal"


def test_a_restore_is_undone(machine, undoing):
    machine.run(f"cd /opt/sscnet/current && {undoing} --yes")
    assert registered(machine) == "First Late Second"
    machine.run("sscnet check_files")
