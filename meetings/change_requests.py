"""Officers' answers to changes asked for after the freeze day."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import change_mails, places, roster
from .models import SENSITIVE, ChangeRequest, Delegate, Delegation, Workshop
from .places import mails

Change = ChangeRequest.Change


type Requests = ChangeRequest | list[ChangeRequest]


def accept(requests: Requests, officer, answer: str = "") -> Requests:
    """Do what was asked and write to the institution; an answered request stays as it is.

    Several of one delegation are done together, with one mail. Raises PlacesError where one can no
    longer be done, such as for a person who withdrew; then all stay open.
    """
    return decide(requests, ChangeRequest.State.ACCEPTED, officer, answer)


def refuse(requests: Requests, officer, answer: str) -> Requests:
    """Refuse what was asked, and write the reason to the institution."""
    return decide(requests, ChangeRequest.State.REFUSED, officer, answer)


def decide(requests: Requests, state: str, officer, answer: str) -> Requests:
    rows = requests if isinstance(requests, list) else [requests]
    with transaction.atomic(), mails.telling_later(rows[0].delegation_id) as touched:
        found = [row for row in map(open_request, rows) if row]
        for row in found:
            if state == ChangeRequest.State.ACCEPTED:
                carry_out(row, officer, touched)
            settle(row, state, officer, answer)
        if found:
            change_mails.tell_decided(found, touched)
    for row in rows:
        row.refresh_from_db()
    return requests


def carry_out(request: ChangeRequest, officer, touched: set[int]) -> None:
    delegation = Delegation.objects.filter(pk=request.delegation_id)
    due_before = delegation.get().confirmation_due_at
    DOING[request.change](request, officer)
    # The mail of the decision confirms it.
    delegation.update(confirmation_due_at=due_before)
    if request.change != Change.EDIT:
        touched.add(request.delegate_id)


def open_request(request: ChangeRequest) -> ChangeRequest | None:
    rows = ChangeRequest.objects.open().select_for_update(of=("self",))
    return (
        rows.select_related("delegation__meeting", "delegation__institution", "delegate")
        .filter(pk=request.pk)
        .first()
    )


def settle(request: ChangeRequest, state: str, officer, answer: str) -> None:
    request.state, request.answer = state, answer
    request.answered_by, request.answered_at = officer, timezone.now()
    request.save(update_fields=["state", "answer", "answered_by", "answered_at"])


def edit(request: ChangeRequest, officer) -> None:
    write_details(person_of(request), request.after, officer)


def write_details(delegate: Delegate, details: dict, actor) -> None:
    """Store what is known of a person; a name for a place to be named goes through places."""
    agreed = details.get("consented_to", delegate.consented_to)
    details = details | dict.fromkeys((n for n in SENSITIVE if n not in agreed), "")
    if delegate.to_be_named and any(details.get(name) for name in places.NAMES):
        places.name(delegate, details, actor=actor)
    else:
        Delegate.objects.filter(pk=delegate.pk).update(**details)
    roster.keep(Delegate.objects.filter(pk=delegate.pk, may_be_kept=True))


def swap(request: ChangeRequest, officer) -> None:
    places.swap(person_of(request), request.after, actor=officer)


def add(request: ChangeRequest, officer) -> None:
    places.submit(request.delegation, actor=officer)


def choose_workshops(request: ChangeRequest, officer) -> None:
    chosen = Workshop.objects.filter(pk__in=request.after["keys"])
    places.choose_workshops(person_of(request), chosen, actor=officer)


def withdraw(request: ChangeRequest, officer) -> None:
    places.withdraw(person_of(request), actor=officer)


def person_of(request: ChangeRequest) -> Delegate:
    delegate = request.delegate
    if not delegate.is_active:
        raise places.NotPossible(_("This person no longer has a place at the meeting."))
    delegate.delegation = request.delegation
    return delegate


DOING = {
    Change.EDIT: edit,
    Change.SWAP: swap,
    Change.ADD: add,
    Change.WORKSHOPS: choose_workshops,
    Change.WITHDRAW: withdraw,
}
