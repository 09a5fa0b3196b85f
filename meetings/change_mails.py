"""The mails about changes asked for after the freeze day: received, and decided.

What a mail says of a change is its kind, the person and the fields; values may tell of health.
"""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils.functional import lazystr
from django.utils.translation import gettext

from sscnet.core.i18n.texts import comma_separated

from .models import ChangeRequest
from .places import mails, standings


class ChangesByPerson:
    """The changes asked for, one a line, in the language they are written in at that moment."""

    def __init__(self, requests: Iterable[ChangeRequest]):
        self.requests = list(requests)

    def __str__(self):
        return "\n".join(line(request) for request in self.requests)


def line(request: ChangeRequest) -> str:
    words = {"person": request.delegate, "change": request.get_change_display()}
    if request.change != ChangeRequest.Change.EDIT:
        return gettext("%(person)s: %(change)s") % words
    words["fields"] = comma_separated(label for label, _before, _after in request.differences)
    return gettext("%(person)s: %(change)s (%(fields)s)") % words


def tell_received(requests: list[ChangeRequest]) -> None:
    """Write one mail to those who act for the institution, and one to the Secretariat."""
    if not requests:
        return
    delegation, key = requests[0].delegation, f"{requests[0].pk}"
    changes = lazystr(ChangesByPerson(requests))
    mails.write(delegation, "change-received", key, [], changes=changes)
    if settings.SECRETARIAT_MAILBOX:
        link = reverse("admin:meetings_changerequest_changelist") + "?state__exact=open"
        words = {"changes": changes}
        to = settings.SECRETARIAT_MAILBOX
        mails.send(delegation, "change-asked", to, key, [], link, words)


def tell_decided(requests: list[ChangeRequest], touched: set[int]) -> None:
    """Write one mail about all requests of a delegation that were decided in one step."""
    first = requests[0]
    is_accepted = first.state == ChangeRequest.State.ACCEPTED
    words = {"answer": first.answer, "changes": lazystr(ChangesByPerson(requests))}
    kind = "change-accepted" if is_accepted else "change-refused"
    if is_accepted:
        mails.write_to_all(first.delegation, kind, f"{first.pk}", touched, words)
    else:
        found = standings(first.delegation)
        mails.write(first.delegation, kind, f"{first.pk}", found, **words)
