"""The settings as a server reads them: a process of its own, an environment of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PRODUCTION = {
    "SECRET_KEY": "a-long-secret-" * 5,
    "ALLOWED_HOSTS": "portal.example.org",
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
}


DEPLOYED = {"SECRETARIAT_MAILBOX": "office@example.org", "BEHIND_PROXY": "true"}


def manage(*args, **environment):
    return subprocess.run(
        [sys.executable, ROOT / "manage.py", *args],
        env={"PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        cwd=ROOT,
    )


def test_production_is_the_default_and_passes_the_deployment_checklist():
    done = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION, **DEPLOYED)
    assert done.returncode == 0, done.stderr


def test_the_checklist_names_what_mail_lacks():
    done = manage("check", "--deploy", **PRODUCTION)
    assert "set SECRETARIAT_MAILBOX" in done.stderr


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({}, "set BEHIND_PROXY"),
        ({"BEHIND_PROXY": "true", "TRUSTED_PROXY_COUNT": "0"}, "set TRUSTED_PROXY_COUNT or"),
        ({"CLIENT_IP_HEADER": "X-Real-IP", "BEHIND_PROXY": "no"}, "addresses may be forged"),
    ],
)
def test_the_checklist_names_what_the_addresses_of_visitors_lack(environment, message):
    done = manage("check", "--deploy", **PRODUCTION, **environment)
    assert message in done.stderr


@pytest.mark.parametrize("name", PRODUCTION)
def test_it_refuses_to_start_without_what_it_needs_and_names_it(name):
    done = manage("check", **{key: value for key, value in PRODUCTION.items() if key != name})
    assert done.returncode != 0
    assert f"set {name} in the environment" in done.stderr
    assert "Traceback" not in done.stderr


def test_everything_missing_is_named_at_once():
    done = manage("check")
    assert "SECRET_KEY, ALLOWED_HOSTS, DATABASE_URL" in done.stderr


def test_cookies_are_bound_to_the_host_where_they_go_over_https_only():
    settings = manage("diffsettings", **PRODUCTION).stdout
    plain = manage("diffsettings", **PRODUCTION, HTTPS="false").stdout

    for name in ("SESSION", "CSRF"):
        assert f"{name}_COOKIE_NAME = '__Host-" in settings
        assert f"{name}_COOKIE_SECURE = True" in settings
    assert "__Host-" not in plain


@pytest.mark.parametrize(
    ("environment", "included"), [({}, True), ({"HSTS_SUBDOMAINS": "no"}, False)]
)
def test_subdomains_may_be_left_out_of_hsts(environment, included):
    done = manage("diffsettings", **PRODUCTION, **environment)

    assert ("SECURE_HSTS_INCLUDE_SUBDOMAINS = True" in done.stdout) is included
