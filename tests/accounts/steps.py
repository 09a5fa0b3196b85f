"""What a person does to sign in, and what the portal then has written."""

import re
import time
from types import SimpleNamespace

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core import signing
from django.urls import reverse

from sscnet.outbox.models import Message
from tests import make

LOGIN = "/accounts/login/"
CONFIRM = "/accounts/login/code/confirm/"
AUTHENTICATE = "/accounts/2fa/authenticate/"
TOO_MANY = "Too many failed login attempts. Try again later."


def ask_for_code(client, email, **extra):
    return client.post(LOGIN, {"login": email, "send_code": "1"}, **extra)


def with_password(client, email, password, **extra):
    return client.post(LOGIN, {"login": email, "password": password}, **extra)


def code_for(email):
    """Read the code out of the newest mail to a person."""
    message = Message.objects.filter(to=email, kind="sign-in-code").latest("id")
    return re.search(r"Your code is (\S+)\.", message.text)[1]


def sign_in_by_code(client, email):
    ask_for_code(client, email)
    return client.post(CONFIRM, {"code": code_for(email)})


def is_signed_in(client):
    """Say whether the portal knows who asks: /my/ leads everybody else to the sign-in."""
    response = client.get(reverse("secretariat:my"))
    return not (response.status_code == 302 and response.url.startswith(LOGIN))


def confirm_by_code(client, asked, email):
    client.post(asked.url, {"send_code": "1"})
    return client.post(asked.url, {"code": code_for(email)})


def later(client, seconds):
    """Let time pass for a session since its person signed in and confirmed who it is."""
    session = client.session
    for moment in ("signed_in_at", "confirmed_at"):
        if moment in session:
            session[moment] -= seconds
    session.save()


def code_of_app(secret=make.TOTP_SECRET, later=0):
    """Give what an authenticator app shows, now or so many half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def stored_sessions():
    """Give what the sessions hold, as whoever has the database reads them, and as we do."""
    as_it_stands = SimpleNamespace(loads=bytes.decode)
    stored = [
        signing.loads(
            one.session_data, salt=SessionStore().key_salt, serializer=lambda: as_it_stands
        )
        for one in Session.objects.all()
    ]
    return str(stored), str([one.get_decoded() for one in Session.objects.all()])
