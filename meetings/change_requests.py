"""Officers' answers to changes asked for after the freeze day."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import places
from .models import SENSITIVE, ChangeRequest, Delegate, Workshop
from .places import mails

Change = ChangeRequest.Change


def accept(request: ChangeRequest, officer, answer: str = "") -> ChangeRequest:
    """Do what was asked and write to the institution; an answered request stays as it is.

    Raises PlacesError where it can no longer be done, such as for a person who withdrew; then the
    request stays open.
    """
    with transaction.atomic():
        found = open_request(request)
        if found:
            DOING[found.change](found, officer)
            settle(found, ChangeRequest.State.ACCEPTED, officer, answer)
    request.refresh_from_db()
    return request


def refuse(request: ChangeRequest, officer, answer: str) -> ChangeRequest:
    """Refuse what was asked, and write the reason to the institution."""
    with transaction.atomic():
        found = open_request(request)
        if found:
            settle(found, ChangeRequest.State.REFUSED, officer, answer)
    request.refresh_from_db()
    return request


def open_request(request: ChangeRequest) -> ChangeRequest | None:
    rows = ChangeRequest.objects.open().select_for_update(of=("self",))
    return rows.select_related("delegation__meeting", "delegate").filter(pk=request.pk).first()


def settle(request: ChangeRequest, state: str, officer, answer: str) -> None:
    request.state, request.answer = state, answer
    request.answered_by, request.answered_at = officer, timezone.now()
    request.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    mails.tell_answer(request)


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
        raise places.NotPossible(_("This person has no place at the meeting any more."))
    delegate.delegation = request.delegation
    return delegate


DOING = {
    Change.EDIT: edit,
    Change.SWAP: swap,
    Change.ADD: add,
    Change.WORKSHOPS: choose_workshops,
    Change.WITHDRAW: withdraw,
}
