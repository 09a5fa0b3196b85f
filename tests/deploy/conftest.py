"""Machines, and those who visit the portal on them."""

import json
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.deploy.documented import ROOT
from tests.deploy.machine import Machine, build_debian, run
from tests.deploy.portal import BACKUP_ADDRESS, MAIL_PORT, certificate, lay_source
from tests.deploy.visitors import Visitor
from tests.outbox.mail_server import Inbox, running


@pytest.fixture(scope="session")
def base():
    with tempfile.TemporaryDirectory(prefix="sscnet-machines-") as folder:
        root = Path(folder) / "base"
        build_debian(root, "systemd-sysv", "dbus")
        yield root


@pytest.fixture(scope="session")
def inbox():
    """What the mail server of the machines has taken."""
    inbox = Inbox()
    with running(inbox, MAIL_PORT):
        yield inbox


@pytest.fixture(scope="session")
def machine(base, inbox):
    """A Debian with the checkout in /root/sscnet, on which the portal is installed."""
    with Machine(base, "portal") as machine:
        lay_source(machine, "root/sscnet")
        yield machine


@pytest.fixture(scope="session")
def people(machine):
    """Whom the portal knows: one focal point for each of 120 made-up institutions."""
    records = (ROOT / "tests/deploy/records.py").read_text()
    machine.run("sscnet make_sample --in-production")
    said = machine.run("sscnet shell", stdin=records).stdout
    return json.loads(said.partition("MADE ")[2])


@pytest.fixture
def visitor(machine):
    return Visitor(certificate(machine))


@pytest.fixture(scope="session")
def backup_server(base):
    """The root of backup.example.org, which takes files by SFTP; it runs nothing else."""
    root = base.parent / "backup"
    build_debian(root, "openssh-server")
    run(["chroot", root, "bash", "-e", "-c", SFTP_USER])
    options = ["-D", "-o", f"ListenAddress={BACKUP_ADDRESS}", "-o", "UsePAM=no"]
    with subprocess.Popen(["chroot", root, "/usr/sbin/sshd", *options]) as server:
        yield root
        server.terminate()


SFTP_USER = """
useradd --create-home --password '*' sscnet
install -d -o sscnet /srv/sscnet /home/sscnet/.ssh
install -d /run/sshd
"""


@pytest.fixture(scope="session")
def copy(machine, base):
    """A copy of the folder with the backup, as it was before there was a second place."""
    copy = base.parent / "copy"
    machine.run("/opt/sscnet/current/deploy/backup files")
    run(["cp", "--archive", machine.root / "var/lib/pgbackrest", copy])
    return copy
