"""The portal without `deploy/install`: in an environment made by hand, and by `make run`."""

import pytest
import requests

from tests.deploy.documented import ROOT, documented
from tests.deploy.machine import Machine, pip_settings, wait_for
from tests.deploy.portal import lay_source
from tests.outbox.mail_server import free_port

pytestmark = pytest.mark.proof

HOME = "/home/portal"
PREPARE = """
apt-get update
apt-get install --yes --no-install-recommends make postgresql-17 python3-venv
useradd --create-home --shell /bin/bash portal
chown -R portal: /home/portal
runuser -u postgres -- psql --command="CREATE ROLE portal LOGIN" \
    --command="CREATE DATABASE portal OWNER portal TEMPLATE template0 ENCODING 'UTF8'"
for extension in pg_trgm unaccent btree_gist; do
    runuser -u postgres -- psql --dbname=portal --command="CREATE EXTENSION $extension"
done
"""
SETTINGS = """
SECRET_KEY=made-up-for-the-proof-b7Qm2xV9tLr4Wz8Kc1Yh6Nf3Jd5Gs0Pa
ALLOWED_HOSTS=portal.example.org
SECRETARIAT_MAILBOX=secretariat@example.org
DATABASE_URL=postgresql://portal@%2Fvar%2Frun%2Fpostgresql/portal
"""


@pytest.fixture(scope="module")
def elsewhere(base, machine):
    """A Debian that knows no portal, with a checkout of the user portal."""
    machine.stop()
    with Machine(base, "elsewhere") as elsewhere:
        lay_source(elsewhere, "home/portal/sscnet")
        elsewhere.run(PREPARE, DEBIAN_FRONTEND="noninteractive")
        yield elsewhere


def test_by_hand(elsewhere):
    commands = documented("docs/machine.md", "python3 -m venv .venv")
    (elsewhere.root / "home/portal/sscnet/.env").write_text(SETTINGS)
    as_portal = 'cd ~/sscnet && runuser -u portal -- bash -e -c "$COMMANDS"'
    elsewhere.run(as_portal, COMMANDS=commands, HOME=HOME)
    asked = "SELECT count(*) > 0 FROM members_institution"
    said = elsewhere.run(f'runuser -u portal -- psql -At portal -c "{asked}"', HOME=HOME)
    assert said.stdout.strip() == "t"
    assert list((elsewhere.root / "home/portal/sscnet/staticfiles").iterdir()) != []


def test_make_run(elsewhere):
    """Of the README's two commands CI runs the other."""
    run, test = documented("README.md", "make run").splitlines()
    assert test.partition("#")[0].strip() in (ROOT / ".ci/run").read_text().split("\n    ")
    (elsewhere.root / "home/portal/sscnet/.env").unlink()
    port = free_port()
    given = "".join(f" --setenv={name}" for name in ["HOME", "PORT", *pip_settings()])
    unit = f"systemd-run --unit=run --uid=portal --working-directory={HOME}/sscnet{given}"
    elsewhere.run(f'{unit} bash -c "$RUN"', RUN=run, HOME=HOME, PORT=str(port))
    wait_for(lambda: answers(f"http://127.0.0.1:{port}/"), seconds=600)
    elsewhere.run("systemctl kill --signal=INT run")
    wait_for(lambda: elsewhere.run("systemctl is-active run", check=False).returncode != 0)
    assert "Stopped, and the database too." in elsewhere.run("journalctl -u run").stdout


def answers(address):
    try:
        return "China South-South" in requests.get(address, timeout=60).text
    except requests.RequestException:
        return False
