"""`deploy/install --acme`: a certificate from an authority, here Debian's pebble on the machine."""

import json

import pytest

from tests.deploy.documented import documented
from tests.deploy.machine import Machine, wait_for
from tests.deploy.portal import lay_source

pytestmark = pytest.mark.proof

HOST = "portal.example.org"
FROM_AUTHORITY = {"--certificate portal.pem --key portal.key": "--acme"}
AUTHORITY = "https://localhost:14000/dir"
PEBBLE = {
    "listenAddress": "127.0.0.1:14000",
    "managementListenAddress": "127.0.0.1:15000",
    "certificate": "/root/pebble.pem",
    "privateKey": "/root/pebble.key",
    "httpPort": 80,
    "tlsPort": 443,
    "certificateValidityPeriod": 7776000,
}
START = """
apt-get update
apt-get install --yes --no-install-recommends openssl pebble
openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -addext subjectAltName=DNS:localhost \
    -keyout /root/pebble.key -out /root/pebble.pem
systemd-run --unit=pebble --setenv=PEBBLE_VA_NOSLEEP=1 pebble -config /root/pebble.json
"""


@pytest.fixture(scope="module")
def bare(base):
    """A Debian that knows no portal; an authority runs on it that certbot asks."""
    with Machine(base, "bare") as bare:
        lay_source(bare, "root/sscnet")
        (bare.root / "etc/hosts").write_text(f"127.0.0.1 localhost {HOST}\n")
        (bare.root / "root/pebble.json").write_text(json.dumps({"pebble": PEBBLE}))
        settings = bare.root / "root/.config/letsencrypt"
        settings.mkdir(parents=True)
        (settings / "cli.ini").write_text(f"server = {AUTHORITY}\nno-verify-ssl = true\n")
        bare.run(START, DEBIAN_FRONTEND="noninteractive")
        asked = "openssl s_client -connect localhost:14000 </dev/null"
        wait_for(lambda: bare.run(asked, check=False).returncode == 0)
        yield bare


def served(machine):
    """Return what nginx shows of its certificate."""
    ask = f"openssl s_client -connect localhost:443 -servername {HOST} </dev/null"
    wanted = "-noout -serial -issuer -ext subjectAltName"
    return machine.run(f"{ask} | openssl x509 {wanted}", check=False).stdout


def test_the_authority_gives_the_certificate(bare):
    install = documented("docs/operate.md", "deploy/install --host", FROM_AUTHORITY)
    said = bare.run(f"cd /root/sscnet && {install}").stdout
    assert "changed:   certificate of Let's Encrypt" in said
    # nginx reads it a moment after it was told to.
    wait_for(lambda: "Pebble" in served(bare))
    assert f"DNS:{HOST}" in served(bare)


def test_a_second_run_asks_for_no_other(bare):
    install = documented("docs/operate.md", "deploy/install --host", FROM_AUTHORITY)
    said = bare.run(f"cd /root/sscnet && {install}").stdout
    assert "0 changed" in said


def test_certbot_renews_it_and_nginx_reads_it(bare):
    before = served(bare)
    bare.run("certbot renew --force-renewal --no-random-sleep-on-renew")
    wait_for(lambda: served(bare) != before)
    assert "Pebble" in served(bare)
