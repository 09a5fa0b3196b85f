"""A real browser: Debian's Chromium, driven by playwright."""

import os
import shutil
import time

import pytest
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import sync_playwright

NAMES = ["chromium", "chromium-browser", "google-chrome"]
# The sandbox does not work for root; without a process for drawing a new page costs a quarter
# less; the rest keeps Chromium from calling home.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--in-process-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium():
    """The path of a Chromium; without one the test is skipped, or fails if one is required."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found:
        return found
    reason = "no Chromium on PATH: on Debian, apt install chromium fonts-noto-cjk"
    if os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser(chromium):
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        # playwright's event loop makes Django think that queries come from asynchronous code.
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser, live_server):
    """A new, empty visitor on the portal; `page.goto("/projects/")`."""
    context = browser.new_context(base_url=live_server.url)
    yield context.new_page()
    context.close()


@pytest.fixture(autouse=True)
def fresh_rate_limits(request):
    """Forget who tried to sign in: the cache's table outlives a test."""
    yield
    if "transactional_db" in request.fixturenames:
        cache.clear()


@pytest.fixture
def sign_in(live_server):
    """Sign a person in without the forms; `sign_in(page.context, user)`."""

    def sign_in(context, user):
        client = Client()
        client.force_login(user)
        # Read late: where there is no Chromium, there are no settings either.
        from members.accounts.security.reauthentication import CONFIRMED_AT

        # Pages that ask anew who it is open to who has just said so, for as long as a test takes.
        session = client.session
        session[CONFIRMED_AT] = int(time.time()) + 3600
        session.save()
        name, morsel = next(iter(client.cookies.items()))
        context.add_cookies([{"name": name, "value": morsel.value, "url": live_server.url}])

    return sign_in


@pytest.fixture
def open_page(browser, live_server, sign_in):
    """Make new pages, each in a browser of its own; `open_page(user=..., **settings)`."""
    contexts = []

    def make(user=None, **options):
        context = browser.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        if user:
            sign_in(context, user)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
