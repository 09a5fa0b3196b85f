"""What somebody sent while not signed in any more: kept, and filled in after signing in again.

Every form of a page for somebody signed in says whose it is: `person_input` stands beside the CSRF
token. Sent without a session, or with the token of an older one, what was typed is kept in the
session, which is encrypted. Once that person is signed in, `KeepPosts` fills it into the form of
the same address; nothing is stored before it is sent again. Anybody else who signs in gets nothing.

A view that asks a person to sign in again first keeps what was sent, and leads back to its address:

    kept_posts.keep(request)
    return redirect_to_reauthentication(next=request.get_full_path())

A page of several buttons has one form, with a `formaction` where a view is elsewhere. A view that
takes one field of it gives the others back, `keep_rest(request, names, address)`.
"""

import json
import time

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.core import signing
from django.dispatch import receiver
from django.forms import HiddenInput
from django.shortcuts import render
from django.template.backends.utils import csrf_input
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .filling import fill

PERSON = "_person"
IN_SESSION = "kept_post"
KEPT_SECONDS = 24 * 60 * 60
MOST_BYTES = 256 * 1024
# They belong to the page that was sent; the next one has its own.
OWN_FIELDS = ("csrfmiddlewaretoken", PERSON)


# ------------------------------------------------------------------ whose form it is


def person_input(request) -> str:
    """Return a hidden field that says whose form it is, for somebody signed in."""
    user = getattr(request, "user", None)
    if user is None or user.is_anonymous:
        return ""
    sealed = signing.dumps(user.pk, salt=PERSON)
    return HiddenInput().render(PERSON, sealed)


def form_inputs(request) -> str:
    return format_html("{}{}", csrf_input(request), person_input(request))


def context_processor(request) -> dict:
    """Give pages in Jinja2 a `csrf_input` that says whose form it is."""
    return {"csrf_input": lazy(form_inputs, SafeString, str)(request)}


def person_of(request) -> int | None:
    """Return the key of the person whose form was sent; none is older than a session.

    A form of the account itself is nobody's: it holds what one signs in with.
    """
    if request.path.startswith(reverse("account_start")):
        return None
    try:
        sealed = request.POST.get(PERSON, "")
        return signing.loads(sealed, salt=PERSON, max_age=settings.SESSION_COOKIE_AGE)
    except signing.BadSignature:
        return None


# ------------------------------------------------------------------ keeping


def texts_in(post) -> dict[str, list[str]]:
    """Return the fields of a form, without files; of one with a password, none."""
    return {} if any("password" in name for name in post) else dict(post.lists())


def typed_in(request) -> dict[str, list[str]]:
    """Return what may be sent again from another page."""
    fields = texts_in(request.POST)
    return {name: values for name, values in fields.items() if name not in OWN_FIELDS}


def keep(request, person: int | None = None) -> bool:
    """Keep what was sent for a person, without one for who is signed in; return whether it was."""
    return keep_fields(request, typed_in(request), request.get_full_path(), person)


def keep_rest(request, names, address: str) -> None:
    """Keep what was typed in fields a button of the page is not for; the page has it again."""
    kept = request.session.get(IN_SESSION)
    if kept and kept["address"] == address:
        del request.session[IN_SESSION]
    fields = {name: request.POST.getlist(name) for name in names}
    if any(value.strip() for values in fields.values() for value in values):
        keep_fields(request, fields, address)


def keep_fields(request, fields, address: str, person: int | None = None) -> bool:
    files = [file.name for file in request.FILES.values()]
    kept = {
        "person": person or request.user.pk,
        "address": address,
        "fields": fields,
        "files": files,
        "until": time.time() + KEPT_SECONDS,
    }
    size = len(json.dumps(kept, ensure_ascii=False).encode())
    if not texts_in(request.POST) or size > MOST_BYTES:
        return False
    request.session[IN_SESSION] = kept
    if request.user.is_anonymous:
        request.session.set_expiry(KEPT_SECONDS)
    return True


def kept_for_here(request) -> dict | None:
    """Return what is kept for this person at this address."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    kept = request.session.get(IN_SESSION, {})
    if kept and kept["until"] < time.time():
        del request.session[IN_SESSION]
        return None
    place = kept.get("person"), kept.get("address")
    return kept if place == (request.user.pk, request.get_full_path()) else None


@receiver(user_logged_in, dispatch_uid="drop the kept post of others")
def drop_of_others(request, **kwargs):
    if IN_SESSION in request.session:
        request.session.set_expiry(None)
        if request.session[IN_SESSION].get("person") != request.user.pk:
            del request.session[IN_SESSION]


# ------------------------------------------------------------------ giving back


class KeepPosts:
    """Keep what is sent without a session, and fill it in when its person is there again."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method == "POST" and request.user.is_anonymous:
            if leads_to_sign_in(response) and (person := person_of(request)):
                self.keep(request, person)
        elif request.method == "GET" and (kept := kept_for_here(request)):
            return give_back(request, response, kept)
        return response

    def process_view(self, request, view, args, kwargs):
        """Forget what was kept once it is sent again."""
        if request.method == "POST" and kept_for_here(request):
            del request.session[IN_SESSION]

    def keep(self, request, person: int) -> None:
        if keep(request, person):
            text = _("What you typed is kept but not saved. Sign in to find it filled in.")
        elif texts_in(request.POST):
            text = _(
                "What you typed was too long to be kept, and is not saved. Go back with your "
                "browser and copy it before you sign in."
            )
        else:
            return
        messages.warning(request, text)


def leads_to_sign_in(response) -> bool:
    return response.status_code == 302 and response.url.startswith(reverse("account_login"))


def give_back(request, response, kept: dict):
    """Fill in the form of the page; where it has none, show what was sent on a page of its own."""
    address = request.get_full_path()
    is_page = response.status_code == 200 and not response.streaming
    if is_page and response.headers["Content-Type"].startswith("text/html"):
        filling = fill(response.text, address, kept["fields"])
        if filling:
            context = {"files": kept["files"], "left": filling.left}
            notice = render_to_string("components/filled_in.html", context, request)
            response.content = filling.page(notice)
            return response
    context = {"address": address, "fields": kept["fields"], "files": kept["files"]}
    return render(request, "kept_post.html", context)
