"""The settings as a server reads them: a process of its own, an environment of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

from sscnet.web.checks import check_proxy_settings

ROOT = Path(__file__).parent.parent
PRODUCTION = {
    "SECRET_KEY": "a-long-secret-" * 5,
    "ALLOWED_HOSTS": "portal.example.org",
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
}


def manage(*args, **environment):
    return subprocess.run(
        [sys.executable, ROOT / "manage.py", *args],
        env={"PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        cwd=ROOT,
    )


def test_the_checklist_names_what_mail_lacks():
    """What else it asks for is in the next test; that production passes it says `make lint`."""
    done = manage("check", "--deploy", **PRODUCTION)
    assert "set SECRETARIAT_MAILBOX" in done.stderr
    assert "set BEHIND_PROXY" in done.stderr
    assert "web.I001" not in done.stderr


def test_the_checklist_names_what_a_host_in_mainland_china_asks_for(tmp_path):
    asked = ("ICP_NUMBER", "POLICE_FILING_NUMBER", "DATA_HANDLER", "DATA_HANDLER_ZH", "REQUEST_LOG")
    for said in ({"ALLOWED_HOSTS": "ssc.example.cn"}, {"MAINLAND": "true"}):
        done = manage("check", "--deploy", **PRODUCTION | said)
        assert all(f"set {name}." in done.stderr for name in asked), done.stderr
    given = dict.fromkeys(asked, "x") | {"REQUEST_LOG": str(tmp_path / "x"), "MAINLAND": "true"}
    assert "web.I001" not in manage("check", "--deploy", **PRODUCTION, **given).stderr


def test_the_checklist_names_what_the_addresses_of_visitors_lack(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    for is_behind, header, message in (
        (None, None, "set BEHIND_PROXY"),
        (True, None, "set TRUSTED_PROXY_COUNT or"),
        (False, "X-Real-IP", "addresses may be forged"),
    ):
        settings.IS_BEHIND_PROXY = is_behind
        settings.ALLAUTH_TRUSTED_CLIENT_IP_HEADER = header
        assert [message in warning.msg for warning in check_proxy_settings(None)] == [True]


@pytest.mark.django_db
def test_in_development_too_a_wrong_address_is_answered_by_the_portal(client, settings):
    settings.DEBUG = True
    for path in ("/projets/", "/zh-hans/projects/none/", "/about/none/"):
        response = client.get(path)
        assert response.status_code == 404, path
        assert 'class="eyebrow">404' in response.content.decode(), path


def test_it_refuses_to_start_without_what_it_needs_and_names_it():
    for name in PRODUCTION:
        done = manage("check", **{key: value for key, value in PRODUCTION.items() if key != name})
        assert done.returncode != 0, name
        assert f"set {name} in the environment" in done.stderr
        assert "Traceback" not in done.stderr, name
    done = manage("check")
    assert "SECRET_KEY, ALLOWED_HOSTS, DATABASE_URL" in done.stderr


def inside(code, **environment):
    """Return what a line of code says once Django is set up as in production."""
    code = f"import sscnet.wsgi; from django.test import RequestFactory\n{code}"
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**PRODUCTION, **environment},
        capture_output=True,
        text=True,
        cwd=ROOT,
    ).stdout.strip()


def test_the_cookie_of_messages_is_bound_to_the_host_too():
    code = """
from django.contrib.messages.storage import default_storage
from django.http import HttpResponse
request, response = RequestFactory().get("/"), HttpResponse()
request.session = {}
messages = default_storage(request)
messages.add(20, "Saved.")
messages.update(response)
print(response.cookies.output())
"""
    cookie = inside(code)

    assert cookie.startswith("Set-Cookie: __Host-messages=")
    assert "; Path=/" in cookie
    assert "; Secure" in cookie
    assert "Domain" not in cookie


def test_of_a_forwarded_address_only_the_end_that_our_proxies_wrote_counts():
    code = """
from sscnet.core.personal_data.security_log import address_of
forwarded = {"x-forwarded-for": "203.0.113.1, 192.0.2.9, 198.51.100.7"}
print(address_of(RequestFactory().get("/", headers=forwarded, REMOTE_ADDR="10.0.0.1")))
"""
    two = {"BEHIND_PROXY": "true", "TRUSTED_PROXY_COUNT": "2"}
    assert inside(code, BEHIND_PROXY="true") == "198.51.100.7"
    assert inside(code, **two) == "192.0.2.9"
    assert inside(code) == "10.0.0.1"


def test_production_binds_cookies_to_the_host_and_asks_for_https_with_subdomains():
    settings = manage("diffsettings", **PRODUCTION).stdout
    relaxed = manage("diffsettings", **PRODUCTION, HTTPS="false", HSTS_SUBDOMAINS="no").stdout

    for name in ("SESSION", "CSRF"):
        assert f"{name}_COOKIE_NAME = '__Host-" in settings
        assert f"{name}_COOKIE_SECURE = True" in settings
    assert "__Host-" not in relaxed
    assert "SECURE_HSTS_INCLUDE_SUBDOMAINS = True" in settings
    assert "SECURE_HSTS_INCLUDE_SUBDOMAINS = True" not in relaxed


def settings_of(code="", **environment):
    """Read the settings without the rest of Django."""
    code += "; from sscnet import settings as s"
    code += "; print(s.CACHES, s.DATABASES)"
    return subprocess.run(
        [sys.executable, "-c", code.lstrip("; ")],
        env={**PRODUCTION, **environment},
        capture_output=True,
        text=True,
        cwd=ROOT,
    )


def test_the_cache_is_elsewhere_by_setting():
    alone = settings_of().stdout
    beyond = settings_of(CACHE_URL="rediss://10.0.0.3:6379/0").stdout

    assert "sscnet.core.database.cache.JSONDatabaseCache" in alone
    assert "cache.backends.redis.RedisCache', 'LOCATION': 'rediss://10.0.0.3:6379/0'" in beyond
    assert "{'serializer': 'django.core.signing.JSONSerializer'}" in beyond


def test_counts_go_to_another_machine_encrypted_only():
    for address, is_refused in {
        "redis://:password@127.0.0.1:6379/0": False,
        "redis://:password@10.0.0.3:6379/0": True,
        "rediss://10.0.0.3,REDIS://10.0.0.4": True,
    }.items():
        assert ("in clear" in settings_of(CACHE_URL=address).stderr) is is_refused, address


def test_files_in_a_bucket_ask_for_their_packages():
    done = settings_of("import sys; sys.modules['storages'] = None", S3_BUCKET="files")

    assert "S3_BUCKET needs the packages of requirements-s3.lock" in done.stderr
