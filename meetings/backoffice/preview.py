"""What an officer is shown of a change before it is made: all people and all mails."""

from collections.abc import Callable, Iterable
from functools import partial

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext

from sscnet.outbox import wordings
from sscnet.outbox.models import Message

from .dry_run import Rehearsal, rehearse

MAILS_A_PAGE = 25
# Which page of the mails is asked for: by the button of a form, or in the address.
PAGE = "mails"


def shown(request, seen: Rehearsal) -> dict:
    """Return the context of the pages: the people of a dry run, and its mails page by page."""
    mails = page_of(request, seen.mails)
    hide_own_addresses(mails, request.user)
    return {"seen": seen, "mails": mails}


def mails_to[T](request, receivers: list[T], write: Callable[[list[T]], None]) -> Page:
    """Return a page of the mails to many; only those on it are written, as each stands alone."""
    page = page_of(request, receivers)
    page.object_list = rehearse([], partial(write, page.object_list)).mails
    return page


def page_of(request, rows: list) -> Page:
    number = request.POST.get(PAGE) or request.GET.get(PAGE)
    return Paginator(rows, MAILS_A_PAGE).get_page(number)


def hide_own_addresses(mails: Iterable[Message], user) -> None:
    """Hide delegates' e-mail from those who may not see it, on mails that are only shown."""
    hidden = wordings.with_hidden_address(user)
    for mail in mails:
        if mail.kind in hidden and mail.to:
            mail.to = gettext("the delegate’s own address")
