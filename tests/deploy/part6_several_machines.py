"""The portal on two machines, set up by the commands of docs/scale.md as they stand there.

Primary, Valkey, nginx and a node are on one machine, the replica and a node on the other; their
network is their own, and leads out by Debian's `passt`. The tests run in this order: a replica, two
nodes, files and backup in S3, a promotion, and back.
"""

import contextlib
import subprocess

import pytest

from tests.deploy.documented import documented
from tests.deploy.machine import Machine, run, wait_for
from tests.deploy.portal import FILLED, lay_source, query

pytestmark = pytest.mark.proof
NAMES = ("one", "two")
ADDRESSES = {
    "one": ["10.0.0.1", "10.0.0.3", "10.0.0.11"],
    "two": ["10.0.0.2", "10.0.0.12"],
}
SSCNET = {"SSCNET_PASSWORD": "password-of-the-portal"}
REPLICATOR = {"REPLICATOR_PASSWORD": "password-of-the-replica"}
VALKEY = {"VALKEY_PASSWORD": "password-of-valkey"}
PGPASSWORD = REPLICATOR["REPLICATOR_PASSWORD"]
INSTALL = "/root/sscnet/deploy/install"
# A server that speaks S3, for this test alone, behind nginx, as pgBackRest asks by https only.
S3_SERVER = """
python3 -m venv /root/s3
/root/s3/bin/pip install --quiet 'moto[server]==5.2.5'
systemd-run --unit=s3 /root/s3/bin/moto_server --host 10.0.0.1 --port 5000
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=s3.example.org \
    -addext subjectAltName=DNS:s3.example.org -keyout /root/s3/key.pem \
    -out /usr/local/share/ca-certificates/s3.crt 2>/dev/null
cat >/etc/nginx/conf.d/s3.conf <<'END'
server {
    listen 10.0.0.3:443 ssl;
    server_name s3.example.org;
    ssl_certificate /usr/local/share/ca-certificates/s3.crt;
    ssl_certificate_key /root/s3/key.pem;
    client_max_body_size 0;
    location / { proxy_pass http://10.0.0.1:5000; }
}
END
systemctl reload nginx
"""
BUCKET = "curl --silent --show-error --fail --request PUT http://10.0.0.1:5000/"
BACKUP_SETTINGS = """
BACKUP_S3_ENDPOINT=s3.example.org
BACKUP_S3_BUCKET=sscnet
BACKUP_S3_KEY=key
BACKUP_S3_SECRET=secret
"""
DEPLOY = "/opt/sscnet/current/deploy"
ASK = "curl --silent --show-error --fail --cacert /etc/sscnet/tls/fullchain.pem https://localhost"


@pytest.fixture(scope="module")
def machines(base):
    """Two that are alike: the second is a copy of the first, as it was installed."""
    with contextlib.ExitStack() as stack:
        stack.enter_context(network())
        one = stack.enter_context(Machine(base, "one", namespace="sscnet-one"))
        lay_source(one, "root/sscnet")
        one.run(f"cd /root/sscnet && {documented('README.md', 'deploy/install', FILLED)}")
        one.stop()
        two = stack.enter_context(Machine(one.root, "two", namespace="sscnet-two"))
        one.boot()
        yield one, two


@contextlib.contextmanager
def network():
    """Two networks of their own with a cable between them; each also reaches what this one does."""
    cable = "type veth peer name cable netns sscnet-two"
    with contextlib.ExitStack() as stack:
        for name in NAMES:
            run(["ip", "netns", "add", f"sscnet-{name}"])
            stack.callback(run, ["ip", "netns", "delete", f"sscnet-{name}"])
        run(["ip", "link", "add", "cable", "netns", "sscnet-one", *cable.split()])
        for name, addresses in ADDRESSES.items():
            inside = ["ip", "-netns", f"sscnet-{name}"]
            for address in addresses:
                run([*inside, "address", "add", f"{address}/24", "dev", "cable"])
            run([*inside, "link", "set", "cable", "up"])
            stack.enter_context(way_out(name))
        yield


@contextlib.contextmanager
def way_out(name):
    """Let a network reach what this machine reaches, for packages; nobody reaches it from here."""
    command = "pasta --foreground --quiet --config-net --netns-only --runas 0"
    command += " --tcp-ports none --udp-ports none --tcp-ns none --udp-ns none"
    process = subprocess.Popen([*command.split(), "--netns", f"/run/netns/sscnet-{name}"])
    try:
        wait_for(lambda: "default" in run(["ip", "-netns", f"sscnet-{name}", "route"]).stdout)
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture
def one(machines):
    return machines[0]


@pytest.fixture
def two(machines):
    return machines[1]


def sql(machine, text):
    """Return what the database answers to its administrator."""
    return machine.run(f'runuser -u postgres -- psql -At sscnet -c "{text}"').stdout.strip()


def set_in_portal_env(machine, lines):
    machine.run("cat >>/etc/sscnet/portal.env", stdin=lines)


def set_in_root_env(machine, lines):
    machine.run("cat >>/etc/sscnet/root.env", stdin=lines)


def edit(machine, title):
    """Write to the database as the portal does."""
    edited = {"title": title, "state": "published"}
    text = f"""from projects.models import Project
Project.objects.update_or_create(slug="edited", defaults={edited})
"""
    machine.run("timeout 30 sscnet shell", stdin=text)


def is_followed(machine):
    wanted = "SELECT application_name, state, sync_state FROM pg_stat_replication"
    return wait_for(lambda: sql(machine, wanted) == "replica1|streaming|quorum")


def shown(machine, address):
    """Return what a node makes of the edited project."""
    headers = "--header 'Host: localhost' --header 'X-Forwarded-Proto: https'"
    path = f"http://{address}:8000/projects/edited/"
    return machine.run(f"curl --silent --show-error --fail {headers} {path}").stdout


def test_a_replica_follows_and_commits_wait_for_it(one, two):
    for machine in (one, two):
        machine.run(documented("docs/scale.md", "cat >>/etc/postgresql"))
    passwords = SSCNET | REPLICATOR
    one.run(
        documented("docs/scale.md", "runuser -u postgres -- psql <<END\nCREATE ROLE", passwords)
    )
    two.run(
        documented("docs/scale.md", "systemctl stop postgresql@17-main.service"),
        PGPASSWORD=PGPASSWORD,
    )
    two.run(documented("docs/scale.md", "rm -r /var/lib/pgbackrest"))
    one.run(documented("docs/scale.md", "runuser -u postgres -- psql <<END\nALTER SYSTEM"))
    assert is_followed(one)
    assert sql(one, "SHOW max_slot_wal_keep_size") == "20GB"
    assert sql(one, "SELECT slot_name FROM pg_replication_slots WHERE active") == "replica1"


def test_two_nodes_show_an_edit_at_once(one, two):
    one.run(documented("docs/scale.md", "apt-get install --yes valkey-server", VALKEY))
    certificate = one.run("cat /etc/valkey/valkey.crt").stdout
    for machine in (one, two):
        trusted = "cat >/usr/local/share/ca-certificates/valkey.crt && update-ca-certificates"
        machine.run(trusted, stdin=certificate)
        set_in_portal_env(machine, documented("docs/scale.md", "DATABASE_URL", SSCNET))
        set_in_portal_env(machine, documented("docs/scale.md", "CACHE_URL", VALKEY))
        set_in_root_env(machine, documented("docs/scale.md", "OWNER_DATABASE_URL"))
        machine.run("sscnet migrate")
        address = {"10.0.0.11": "10.0.0.11" if machine is one else "10.0.0.12"}
        machine.run(documented("docs/scale.md", "systemctl edit", address))
    two.run(documented("docs/scale.md", "systemctl disable --now sscnet-worker"))
    one.run("systemctl restart sscnet-worker.service")
    for n in range(5):
        edit(one, f"Edited {n}")
        assert [f"Edited {n}" in shown(one, f"10.0.0.{host}") for host in (11, 12)] == [True, True]
    # The replica answered.
    assert sql(two, "SELECT count(*) > 0 FROM pg_stat_activity WHERE usename = 'sscnet'") == "t"


def test_nginx_asks_both_nodes_and_the_other_one_where_one_is_gone(one, two):
    set_in_portal_env(one, documented("docs/scale.md", "WEB_NODES"))
    one.run(INSTALL)
    ask = f"for n in $(seq 20); do {ASK}/projects/?n=$n >/dev/null; done"
    one.run(ask)
    asked = "journalctl -u sscnet.service | grep -c '/projects/'"
    assert [int(machine.run(asked).stdout) >= 10 for machine in (one, two)] == [True, True]
    two.run("systemctl stop sscnet.socket sscnet.service")
    one.run(ask)
    two.run("systemctl start sscnet.socket sscnet.service")


def test_files_lie_in_s3(one, two):
    one.run(S3_SERVER)
    one.run("install -o sscnet -D /dev/stdin /var/lib/sscnet/media/tried.txt", stdin="tried")
    trust = "cat >/usr/local/share/ca-certificates/s3.crt && update-ca-certificates 2>&1"
    for machine in (one, two):
        machine.run(trust, stdin=(one.root / "usr/local/share/ca-certificates/s3.crt").read_text())
        machine.run("echo 10.0.0.3 s3.example.org >>/etc/hosts")
        set_in_portal_env(machine, documented("docs/scale.md", "S3_BUCKET"))
        set_in_portal_env(machine, "AWS_CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt\n")
        machine.run(documented("docs/scale.md", "/opt/sscnet/current/.venv/bin/pip install"))
    one.run(f"{BUCKET}sscnet-files")
    one.run(documented("docs/scale.md", "apt-get install --yes --no-install-recommends awscli"))
    read = "from django.core.files.storage import default_storage as files;"
    read += "print(files.open('tried.txt').read())"
    assert "b'tried'" in two.run(f'sscnet shell -c "{read}"').stdout


def test_the_second_place_of_the_backup_is_in_s3(one):
    one.run(f"{BUCKET}sscnet")
    set_in_root_env(one, BACKUP_SETTINGS)
    one.run(f"{DEPLOY}/backup set-up && {DEPLOY}/backup full")
    one.run(f"{DEPLOY}/restore --into /var/lib/sscnet-then --from 2")
    asked = "SELECT title FROM projects_project WHERE slug = 'edited'"
    there = f'runuser -u postgres -- psql -At --host=/var/lib/sscnet-then sscnet -c "{asked}"'
    assert one.run(there).stdout.strip() == query(one, asked) == "Edited 4"
    assert one.run("cat /var/lib/sscnet-then/files/tried.txt").stdout == "tried"
    one.run(f"{DEPLOY}/drill --end /var/lib/sscnet-then")


def test_the_replica_is_promoted_and_the_portal_goes_on(one, two):
    one.run(documented("docs/scale.md", "systemctl mask"))
    two.run(documented("docs/scale.md", "pg_ctlcluster 17 main promote"))
    wait_for(lambda: one.run(f"{ASK}/readyz", check=False).returncode == 0)
    edit(one, "Edited on the new primary")
    assert "Edited on the new primary" in shown(one, "10.0.0.11")
    assert "Edited on the new primary" in shown(one, "10.0.0.12")


def test_the_old_primary_becomes_the_replica(one, two):
    one.run(documented("docs/scale.md", "systemctl unmask"))
    other = {"host=10.0.0.1": "host=10.0.0.2"}
    one.run(
        documented("docs/scale.md", "systemctl stop postgresql@17-main.service", other),
        PGPASSWORD=PGPASSWORD,
    )
    two.run(documented("docs/scale.md", "runuser -u postgres -- psql <<END\nALTER SYSTEM"))
    assert is_followed(two)
    assert sql(one, "SELECT pg_is_in_recovery()") == "t"


def test_without_any_replica_writing_goes_on_where_that_is_said(one, two):
    one.run("systemctl stop postgresql@17-main.service")
    with pytest.raises(RuntimeError):
        edit(two, "Waits")
    two.run(documented("docs/scale.md", "runuser -u postgres -- psql -c"))
    edit(two, "Waits no longer")
