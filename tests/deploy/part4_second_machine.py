"""The machine is gone: the portal on a second one, from what was kept elsewhere."""

import pytest

from tests.deploy.documented import documented
from tests.deploy.machine import Machine, run
from tests.deploy.mirror import NAME, ONLY_MIRROR, SETTINGS, mirror
from tests.deploy.portal import (
    FILLED,
    lay_source,
    registered,
    sign_in,
    use_backup_server,
)
from tests.deploy.visitors import SLIP, slip_of


@pytest.fixture(scope="module")
def key(machine):
    """The copy of the key. The old machine is off from now on."""
    key = (machine.root / "etc/sscnet/backup.key").read_text()
    machine.stop()
    return key


@pytest.fixture(scope="module")
def asked():
    """What the mirror was asked for."""
    with mirror() as asked:
        yield asked


@pytest.fixture(scope="module")
def empty(base, key, asked):
    """A second machine with the key and an empty portal, shut down again. All it knows by name is
    a mirror of packages."""
    with Machine(base, "empty") as machine:
        machine.run(ONLY_MIRROR)
        lay_source(machine, "root/sscnet")
        machine.run(documented("docs/operate.md", "install -d -m 755 /etc/sscnet"), stdin=key)
        install = documented("README.md", "deploy/install", FILLED)
        machine.run(f"cd /root/sscnet && {install}", **SETTINGS)
        known = machine.run(f"getent hosts {NAME} && ! getent hosts example.org")
        assert known.stdout.split()[1:] == [NAME]
        machine.stop()
        yield machine.root


def test_packages_came_from_the_one_mirror(empty, asked):
    kinds = {path.rpartition(".")[2] for path in asked}
    assert {"deb", "whl"} <= kinds, kinds
    assert "/debian/dists/trixie/InRelease" in asked
    assert [path for path in asked if path.startswith("/simple/django/")] != []


def restore(machine, changed=None):
    commands = documented(
        "docs/operate.md", "/opt/sscnet/current/deploy/restore --settings", changed
    )
    machine.run(commands, stdin="yes\n")
    machine.run("test -s /etc/sscnet/portal.env.before")


def is_equal(machine):
    drill = machine.run("/opt/sscnet/current/deploy/drill")
    return drill.stdout.splitlines()[-1] == "equal"


def test_from_a_copy_of_the_folder(empty, copy, people):
    """As it was before there was a second place."""
    with Machine(empty, "second") as second:
        run(["cp", "--archive", copy, second.root / "root/copy"])
        put_back = {"COPY": "/root/copy"}
        second.run(documented("docs/operate.md", "rm -r /var/lib/pgbackrest", put_back))
        restore(second, {" --from 2": ""})
        sign_in(second, people[0])
        assert is_equal(second)
        second.run("sscnet run_due && sscnet status")


def test_from_the_second_place(empty, backup_server, people):
    with Machine(empty, "third") as third:
        use_backup_server(third, backup_server)
        restore(third)
        assert registered(third) == "First Late Second"
        visitor = sign_in(third, people[3])
        assert slip_of(visitor, people[3]["path"]) == SLIP[1]
        assert is_equal(third)
