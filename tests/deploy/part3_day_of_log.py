"""A day of log, then a bad day: restored by docs/operate.md, and from backups that are broken."""

import json
import os
import re
import shutil

import pytest

from tests.deploy.documented import documented
from tests.deploy.portal import query

DEPLOY = "/opt/sscnet/current/deploy"
THEN = "/var/lib/sscnet-then"
BACKUP = "/var/lib/pgbackrest"
# A minute makes one segment; here a row does.
SEGMENTS = 500
# pgBackRest drops what waits for it above 4 GiB, so the day comes by hundreds.
WRITE = """
runuser -u sscnet_owner -- psql --quiet sscnet \
    --command="CREATE TABLE day (number int PRIMARY KEY); GRANT SELECT, INSERT ON day TO sscnet"
for first in $(seq 1 100 $SEGMENTS); do
    for number in $(seq $first $((first + 99))); do
        echo "INSERT INTO day VALUES ($number); SELECT pg_switch_wal();"
    done | (cd / && runuser -u postgres -- psql --quiet -At --set=ON_ERROR_STOP=1 sscnet >/dev/null)
    while compgen -G "/var/lib/postgresql/17/main/pg_wal/archive_status/*.ready" >/dev/null; do
        sleep 0.5
    done
done
"""
TABLES = ("day", "members_institution", "projects_project", "meetings_meeting", "meetings_delegate")
EQUAL = " UNION ALL ".join(
    f"SELECT '{table}', md5(string_agg(one::text, ';' ORDER BY one::text)) FROM {table} AS one"
    for table in TABLES
)
MISSING = f"""
SELECT string_agg(number::text, ' ') FROM generate_series(1, {SEGMENTS + 1}) AS number
WHERE number NOT IN (SELECT * FROM day)
"""
WHAT_RUNS = """
for unit in $(cd /opt/sscnet/current/deploy/units && grep -l '^.Install.' *.*); do
    echo "$unit $(systemctl is-active $unit)"
done
"""


@pytest.fixture(scope="module")
def segment(machine, people):
    """The first of the day."""
    return query(machine, "SELECT pg_walfile_name(pg_current_wal_lsn())")


@pytest.fixture(scope="module")
def moment(machine, segment):
    """A moment just past, between the last two rows of the day."""
    machine.run(WRITE, SEGMENTS=str(SEGMENTS))
    moment = machine.run("TZ=Asia/Shanghai date '+%F %T.%N'").stdout.strip()
    query(machine, f"INSERT INTO day VALUES ({SEGMENTS + 1})")
    return moment


def missing(machine):
    return query(machine, MISSING)


def in_place(moment):
    """The two commands: to the newest state, and to the moment."""
    at_moment = {"2026-11-27 14:05": moment}
    restore = documented("docs/operate.md", "/opt/sscnet/current/deploy/restore  ", at_moment)
    return restore.splitlines()


def is_open(machine, visitor):
    """The portal answers, and each unit that is to run does."""
    active = machine.run(WHAT_RUNS, check=False).stdout.splitlines()
    assert [line for line in active if not line.endswith(" active")] == []
    return visitor.get("/projects/?samples=1").status_code == 200


# ------------------------------------------------------------------ broken backups


# What each command says, and the file of the backup.
BROKEN = {
    "a segment of the log is missing": (
        "its log ends after the segment",
        f"ls {BACKUP}/archive/sscnet/17-1/*/$SEGMENT-*",
    ),
    "a file is cut": (
        "The backup of the database cannot be read.",
        f"ls -t {BACKUP}/backup/sscnet/2*/bundle/* | sed -n 1p",
    ),
}


@pytest.fixture(params=BROKEN)
def broken(machine, segment, moment, request):
    """What the commands say of a backup that is broken now, and whole afterwards."""
    said, find = BROKEN[request.param]
    file = machine.root / machine.run(find, SEGMENT=segment).stdout.strip()[1:]
    away = file.rename(file.with_suffix(".away"))
    if request.param == "a file is cut":
        file.write_bytes(away.read_bytes()[:-100])
        shutil.copystat(away, file)
        os.chown(file, away.stat().st_uid, away.stat().st_gid)
    yield said
    away.rename(file)


def test_a_broken_backup_is_said_and_harms_nothing(machine, moment, broken, visitor, inbox):
    before = query(machine, EQUAL)
    beside = machine.run(f"{DEPLOY}/restore --into {THEN}", check=False)
    instead = machine.run(f"{DEPLOY}/restore --yes", check=False)
    drill = machine.run("systemctl start sscnet-drill.service", check=False)

    assert 0 not in (beside.returncode, instead.returncode, drill.returncode)
    for done in (beside, instead):
        assert broken in done.stderr
        assert "Try the second place (--from 2)" in done.stderr
    assert not (machine.root / THEN[1:]).exists()
    assert "The portal is open again." in instead.stderr
    told = [mail for mail in inbox.mails if mail["Subject"] == "Drill of a restore: failed"]
    assert broken in told[-1].get_content()
    assert json.loads((machine.root / "var/lib/sscnet/drill.json").read_text())["equal"] is False
    assert is_open(machine, visitor)
    assert query(machine, EQUAL) == before


def test_too_little_room_is_said(machine):
    machine.run("mount -t tmpfs -o size=100M,mode=755 none /mnt")
    done = machine.run(f"{DEPLOY}/restore --into /mnt/then || ls /mnt", check=False)
    machine.run("umount /mnt")
    assert re.search("/mnt/then has 100 MB free; a restore needs [0-9]{4}", done.stderr)
    assert done.stdout == ""


# ------------------------------------------------------------------ whole ones


def test_the_drill_of_the_timer_is_equal(machine, moment, inbox):
    machine.run("systemctl start sscnet-drill.service")
    assert json.loads((machine.root / "var/lib/sscnet/drill.json").read_text())["equal"] is True
    assert "Drill of a restore: equal" in [str(mail["Subject"]) for mail in inbox.mails]


def test_a_moment_just_past_stands_beside_the_portal(machine, moment):
    at_moment = {"2026-11-27 14:05": moment}
    restore = documented("docs/operate.md", "/opt/sscnet/current/deploy/restore --to", at_moment)
    look = re.search("^ +(setpriv .*psql.*)$", machine.run(restore).stdout, re.MULTILINE)[1]
    asked = MISSING
    found = machine.run(f'cd / && {look} -At --command="{asked}"').stdout.strip()
    assert (found, missing(machine)) == (str(SEGMENTS + 1), "")
    machine.run(documented("docs/operate.md", "/opt/sscnet/current/deploy/drill --end"))


def test_the_newest_state_is_equal(machine, moment, visitor):
    before = query(machine, EQUAL)
    newest, _ = in_place(moment)
    assert "Restored; the portal answers." in machine.run(newest, stdin="yes\n").stdout
    assert query(machine, EQUAL) == before
    assert is_open(machine, visitor)


def test_a_moment_just_past_comes_back(machine, moment, visitor):
    _, to_moment = in_place(moment)
    assert "In Beijing that is 20" in machine.run(to_moment, stdin="yes\n").stdout
    assert missing(machine) == str(SEGMENTS + 1)
    assert is_open(machine, visitor)
