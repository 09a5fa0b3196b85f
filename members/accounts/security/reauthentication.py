"""Who changes what opens an account, or rights, shows first who it is: five minutes before at most.

`django-allauth` asks for the password or the second factor; who has neither gets a code by mail.
"""

import time
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.signals import authentication_step_completed
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.dispatch import receiver
from django.shortcuts import redirect, resolve_url
from django.utils.crypto import constant_time_compare

from sscnet.core.forms import kept_posts

from ..sessions.idle import SIGNED_IN_AT

CONFIRMED_AT = "confirmed_at"
# In the session, which is encrypted: the code sent; when; and how often a wrong one was typed.
CODE = "confirmation_code"
TRIES = 3


@receiver(authentication_step_completed, dispatch_uid="note confirmation")
def note_confirmation(request, reauthenticated=False, **kwargs):
    if reauthenticated:
        request.session[CONFIRMED_AT] = int(time.time())


def count_sign_in(request) -> None:
    """Take having signed in for having shown who one is."""
    moments = (request.session.get(moment, 0) for moment in (CONFIRMED_AT, SIGNED_IN_AT))
    request.session[CONFIRMED_AT] = max(moments)


def ask_anew(request, *, since_sign_in: bool = False) -> None:
    """Lead to where one shows who one is, unless that was just done; then back to this page.

    What was sent is kept, sealed, and filled in again there. With `since_sign_in` having signed in
    counts as well.
    """
    moments = [CONFIRMED_AT, *([SIGNED_IN_AT] if since_sign_in else [])]
    latest = max(request.session.get(moment, 0) for moment in moments)
    if time.time() - latest >= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
        methods = get_adapter().get_reauthentication_methods(request.user)
        address = methods[0]["url"] if methods else resolve_url(settings.LOGIN_URL)
        if request.method == "POST":
            kept_posts.keep(request)
        query = urlencode({"next": request.get_full_path()})
        raise ImmediateHttpResponse(redirect(f"{address}?{query}"))


# ------------------------------------------------------------------ by a code


def new_code(request) -> str:
    code = get_adapter().generate_login_code()
    request.session[CODE] = {"code": code, "at": int(time.time()), "tries": 0}
    return code


def is_right(request, typed: str) -> bool:
    """Count a try, and compare; a right code works once."""
    sent = request.session.pop(CODE, None)
    if not sent or time.time() - sent["at"] > settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT:
        return False
    if constant_time_compare(letters(typed), letters(sent["code"])):
        return True
    sent["tries"] += 1
    if sent["tries"] < TRIES:
        request.session[CODE] = sent
    return False


def letters(code: str) -> str:
    return "".join(letter for letter in code.upper() if letter.isalnum())
