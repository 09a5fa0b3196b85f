import os
import shutil
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.management.commands import flush
from django.db import connection, transaction
from django.template.backends.jinja2 import Template as Jinja2Template
from django.test.signals import template_rendered
from django.utils import translation

from secretariat.back_office import groups
from sscnet.core import roles
from sscnet.core.pages import page_cache
from tests import make
from tests.network import KEPT, fill_with_network

PROOF = bool(os.environ.get("PROOF"))
# What takes longest comes first: handed out last, it would leave the other processor idle.
FIRST = ("browser/test_walk", "browser/", "test_addresses", "test_every_page", "test_privacy")


def pytest_collection_modifyitems(config, items):
    """Put the longest files first, and leave the long proofs to PROOF=1.

    pytest-django puts tests with transactions of their own last, since they empty the tables. What
    migrations wrote there is KEPT, so each file may stand where it takes least time.
    """

    def place(item):
        path = item.path.relative_to(Path(__file__).parent).as_posix()
        return next((n for n, start in enumerate(FIRST) if path.startswith(start)), len(FIRST))

    items.sort(key=place)
    if not PROOF:
        long = [item for item in items if item.get_closest_marker("proof")]
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if not item.get_closest_marker("proof")]


def sql_to_empty(operations, style, tables, *, reset_sequences=False, allow_cascade=False):
    """Give what empties tables after a test with transactions of its own, in a tenth of the time.

    Django's own TRUNCATE makes new files for each table and index, however few rows they hold. As
    that does, this waits for what still uses the tables, and no trigger fires.
    """
    return [
        f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE",
        "SET LOCAL session_replication_role = replica",
        *(f"DELETE FROM {table}" for table in tables if table not in KEPT),
    ]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """Copy the tables that `make test` has made; without it each process makes its own."""
    connection.settings_dict["TEST"]["TEMPLATE"] = os.environ.get("TEST_DATABASE_TEMPLATE")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """End what still holds the test database at the end, such as a request a browser broke off."""
    # Of the class: in the context of a browser there is another connection.
    type(connection.ops).sql_flush = sql_to_empty
    # What it would make is KEPT.
    flush.emit_post_migrate_signal = lambda *args, **kwargs: None
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(scope="session")
def web_role(django_db_setup, django_db_blocker):
    """A role that may what the pages of an installed portal may."""
    name = f"{connection.settings_dict['NAME']}_web"
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(f"DROP ROLE IF EXISTS {name}")
        cursor.execute(f"CREATE ROLE {name}")
        roles.grant(name)
    yield name
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(f"DROP OWNED BY {name}")
        cursor.execute(f"DROP ROLE {name}")


@pytest.fixture
def as_web_role(db, web_role):
    """Let the test ask the database as the pages of an installed portal do."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {web_role}")


@pytest.fixture(scope="module")
def network(django_db_setup, django_db_blocker):
    """The Network's real records, loaded once for a module's tests, gone after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        fill_with_network()
        yield
        transaction.set_rollback(True)


def signed_in(client, user):
    client.force_login(user)
    return user


@pytest.fixture
def officer(client):
    """An officer who may do everything, signed in."""
    return signed_in(client, make.Administrator(name="Wang Li"))


@pytest.fixture
def editor(client):
    return signed_in(client, make.Officer(group=groups.HELPER, name="Chen Editor"))


@pytest.fixture
def publisher(client):
    return signed_in(client, make.Officer(group=groups.OFFICER, name="Li Publisher"))


@pytest.fixture
def media(settings, tmp_path):
    """Keep uploaded files in a folder of the test."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def contact(db):
    make.Page(slug="contact", title="Contact")


@pytest.fixture
def fresh_rate_limits():
    """Forget how much was asked from an address."""
    cache.clear()


@pytest.fixture(autouse=True)
def no_code_for_everybody(settings):
    """Leave out what only development may have: the code that opens every second factor."""
    settings.MFA_TOTP_INSECURE_BYPASS_CODE = None


@pytest.fixture(autouse=True)
def cheap_passwords(settings):
    """Hash passwords in no time, and still know one that was hashed before a module's tests."""
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]


@pytest.fixture(autouse=True)
def erasure_log(settings, tmp_path_factory):
    """Give each test a log of its own of what was erased."""
    settings.ERASURE_LOG = tmp_path_factory.getbasetemp() / f"{uuid4()}.jsonl"
    return settings.ERASURE_LOG


@pytest.fixture(autouse=True)
def no_page_kept():
    """Make each test's pages anew: one kept from another test has no context to look at."""
    page_cache.pages.clear()


@pytest.fixture(autouse=True)
def english():
    """A request in Chinese leaves its language behind in the thread; each test starts anew."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="session", autouse=True)
def context_of_pages():
    """Let `response.context` know Jinja2 pages too: Django tells it of its own templates only."""
    render = Jinja2Template.render

    def told(template, context=None, request=None):
        # As Django does: before, so that the page comes before the forms that are written in it.
        template_rendered.send(sender=template, template=template, context=context or {})
        return render(template, context, request)

    Jinja2Template.render = told
    yield
    Jinja2Template.render = render


@pytest.fixture(autouse=True)
def without_libreoffice(settings):
    """Make no PDF of letters, which takes seconds, unless a test asks for it."""
    settings.LIBREOFFICE = ""


@pytest.fixture
def libreoffice(settings, without_libreoffice):
    """LibreOffice; without it the test is skipped, or fails if it is required."""
    if not shutil.which("soffice"):
        reason = "no soffice on PATH: on Debian, apt install libreoffice-writer-nogui"
        (pytest.fail if os.environ.get("REQUIRE_LIBREOFFICE") == "1" else pytest.skip)(reason)
    settings.LIBREOFFICE = "soffice"
