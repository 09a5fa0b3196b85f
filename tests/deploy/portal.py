"""What the tests know of an installed portal, and how they lay a version beside it."""

import io
import subprocess
import tarfile

from tests.deploy.documented import ROOT, documented
from tests.deploy.visitors import Visitor

MAIL_PORT = 2525
# Another than the portal, so that both can listen.
BACKUP_ADDRESS = "127.0.0.2"
PASSWORD = "a-long-passphrase-of-one"
# The names of the documents; no authority gives a certificate for ours.
FILLED = {
    "portal.example.org": "localhost",
    "--certificate portal.pem --key portal.key": "--self-signed",
}


def lay_source(machine, folder, **changed):
    """Lay what is committed into a folder of the machine, some files with other contents."""
    archive = subprocess.run(
        ["git", "archive", "HEAD"], cwd=ROOT, capture_output=True, check=True
    ).stdout
    target = machine.root / folder
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        tar.extractall(target, filter="data")
    for path, content in changed.items():
        (target / path).write_text(content)


def certificate(machine):
    return machine.root / "etc/sscnet/tls/fullchain.pem"


def sign_in(machine, person):
    visitor = Visitor(certificate(machine))
    page = visitor.get("/accounts/login/")
    answer = visitor.submit(page, "/accounts/login/", login=person["email"], password=PASSWORD)
    assert "/my/" in answer.url
    return visitor


def current(machine):
    return machine.run("readlink /opt/sscnet/current").stdout.strip()


def query(machine, statement):
    """Return what the portal's database answers, unaligned."""
    return machine.run(f'runuser -u sscnet -- psql -At sscnet -c "{statement}"').stdout.strip()


def use_backup_server(machine, server):
    """Make the second place, of which this is the root, known to a machine, as on the first day."""
    hosts = machine.root / "etc/hosts"
    hosts.write_text(f"127.0.0.1 localhost\n{BACKUP_ADDRESS} backup.example.org\n")
    machine.run(documented("docs/operate.md", "install -d /etc/pgbackrest"))
    machine.run(
        "sed -n 's/^# BACKUP_SFTP_/BACKUP_SFTP_/p' /opt/sscnet/current/.env.example"
        " >>/etc/sscnet/root.env"
    )
    with (server / "home/sscnet/.ssh/authorized_keys").open("a") as known:
        known.write((machine.root / "etc/pgbackrest/backup_key.pub").read_text())
    noted = (machine.root / "etc/pgbackrest/known_hosts").read_text()
    own = (server / "etc/ssh/ssh_host_ed25519_key.pub").read_text()
    assert " ".join(own.split()[:2]) in noted


REGISTERED = """
SELECT string_agg(DISTINCT family_name, ' ' ORDER BY family_name) FROM meetings_delegate
WHERE erased_at IS NULL AND family_name IN ('Erased', 'First', 'Late', 'Second')
"""


def registered(machine):
    """Who of the four that the restores know is registered."""
    return query(machine, REGISTERED)
