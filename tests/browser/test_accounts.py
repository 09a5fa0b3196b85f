"""Second factors in a real browser."""

import re

import pytest

from sscnet.outbox.models import Message
from tests import make
from tests.browser import pages
from tests.browser.pages import follow

pytestmark = pytest.mark.django_db(transaction=True)


def newest(kind, email):
    return Message.objects.filter(kind=kind, to=email).latest("id").text


def test_a_passkey_is_set_up_and_signs_in_under_our_rules_for_scripts(
    open_page, live_server, settings
):
    """Passkeys want a name, not a number, for a host: the portal is asked for as localhost."""
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    officer = make.Administrator(second_factor=False)
    address = live_server.url.replace("127.0.0.1", "localhost")
    page = open_page()
    complaints = pages.complaints(page)
    add_authenticator(page)
    page.goto(f"{address}/accounts/login/")
    page.get_by_label("Email").fill(officer.email)
    page.get_by_role("button", name="Send me a code").click()
    code = re.search(r"Your code is (\S+)\.", newest("sign-in-code", officer.email))[1]
    page.get_by_label("Code").fill(code)
    follow(page.get_by_role("button", name="Confirm"))

    page.goto(f"{address}/accounts/2fa/webauthn/add/")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    page.wait_for_url(lambda url: "/webauthn/add/" not in url)
    assert page.goto(f"{address}/admin/").url.endswith("/admin/")

    follow(page.get_by_role("button", name="Log out"))
    page.goto(f"{address}/accounts/login/?next=/admin/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/admin/")
    assert complaints == []


def add_authenticator(page):
    """Give the browser a passkey's device of its own."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
