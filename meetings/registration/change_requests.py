"""Changes asked for after the freeze day: officers' answers, and the mails about them.

A mail names the kind of a change, the person and the fields, no values: they may tell of health.
"""

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sscnet.core.i18n.texts import comma_separated

from .. import places
from ..models import ChangeRequest, Delegate, Delegation, Workshop
from ..places import mails, statuses
from . import roster


def by_person(requests: Iterable[ChangeRequest]) -> str:
    """Return the changes asked for, one a line."""
    return "\n".join(line(request) for request in requests)


# In the language in which the mail is being made.
changes_in_words = lazy(by_person, str)


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
    changes = changes_in_words(requests)
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
    words = {"answer": first.answer, "changes": changes_in_words(requests)}
    kind = "change-accepted" if is_accepted else "change-refused"
    if is_accepted:
        mails.write_to_all(first.delegation, kind, f"{first.pk}", touched, words)
    else:
        found = statuses(first.delegation)
        mails.write(first.delegation, kind, f"{first.pk}", found, **words)


def accept(requests: list[ChangeRequest], officer, answer: str = "") -> None:
    """Do what was asked and write to the institution; an answered request stays as it is.

    Those of one delegation are done together, with one mail. Raises PlacesError where one can no
    longer be done, such as for a person who withdrew; then all stay open.
    """
    decide(requests, ChangeRequest.State.ACCEPTED, officer, answer)


def refuse(requests: list[ChangeRequest], officer, answer: str) -> None:
    """Refuse what was asked, and write the reason to the institution."""
    decide(requests, ChangeRequest.State.REFUSED, officer, answer)


def decide(requests: list[ChangeRequest], state: str, officer, answer: str) -> None:
    rows = ChangeRequest.objects.open().select_for_update(of=("self",)).order_by("pk")
    rows = rows.select_related("delegation__meeting", "delegation__institution", "delegate")
    told_later = {requests[0].delegation_id: set()}
    with transaction.atomic():
        found = list(rows.filter(pk__in=[one.pk for one in requests]))
        for row in found:
            if state == ChangeRequest.State.ACCEPTED:
                carry_out(row, actor=officer, told_later=told_later)
            row.state, row.answer = state, answer
            row.answered_by, row.answered_at = officer, timezone.now()
            row.save(update_fields=["state", "answer", "answered_by", "answered_at"])
        if found:
            tell_decided(found, told_later[found[0].delegation_id])


def carry_out(request: ChangeRequest, **told) -> None:
    """Do what was asked; `told`: the options of an operation on places."""
    delegation = Delegation.objects.filter(pk=request.delegation_id)
    due_before = delegation.get().confirmation_due_at
    after, kinds = request.opened(request.after), ChangeRequest.Change
    match request.change:
        case kinds.ADD:
            places.submit(request.delegation, **told)
        case kinds.EDIT:
            write_details(person_of(request), after, **told)
        case kinds.SWAP:
            places.swap(person_of(request), after, **told)
        case kinds.WORKSHOPS:
            chosen = Workshop.objects.filter(pk__in=after["keys"])
            places.choose_workshops(person_of(request), chosen, **told)
    # The mail of the decision confirms it.
    delegation.update(confirmation_due_at=due_before)
    if request.change != kinds.EDIT:
        told["told_later"][request.delegation_id].add(request.delegate_id)


def write_details(delegate: Delegate, details: dict, **told) -> None:
    """Store what is known of a person; a name for a place to be named goes through places."""
    if delegate.to_be_named and any(details.get(name) for name in places.NAMES):
        places.name(delegate, details, **told)
    else:
        Delegate.objects.filter(pk=delegate.pk).update(**details)
    roster.keep(Delegate.objects.filter(pk=delegate.pk, may_be_kept=True))


def person_of(request: ChangeRequest) -> Delegate:
    delegate = request.delegate
    if not delegate.is_active:
        raise places.NotPossible(_("This person no longer has a place at the meeting."))
    delegate.delegation = request.delegation
    return delegate
