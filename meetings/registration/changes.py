"""Changes of a delegation that was sent: done at once, or asked for after the freeze day."""

from django.db import transaction
from django.utils.translation import gettext as _

from meetings import places
from meetings.models import ChangeRequest, Delegate, Delegation, Offer, PlaceState
from meetings.registration import change_requests
from meetings.registration.change_requests import write_details

from .entry import DelegationEntry

Change = ChangeRequest.Change


def statuses_of(entry: DelegationEntry) -> dict:
    """Return the context of a delegation's page: each person with places, offers, requests."""
    statuses, requests, counts = [], [], None
    if not entry.is_new:
        counts = Delegation.objects.with_counts().get(pk=entry.delegation.pk)
        statuses = places.statuses(entry.delegation)
        requests = entry.delegation.change_requests.select_related("delegate", "asked_by")
    people = {}
    for status in statuses:
        people.setdefault(status.delegate, []).append(status)
    return {
        "people": [(delegate, lines) for delegate, lines in people.items() if delegate.place],
        "counts": counts,
        "has_offers": any(status.place == PlaceState.OFFERED for status in statuses),
        "requests": requests,
    }


def edit(entry: DelegationEntry, delegate: Delegate, form) -> None:
    """Store what was changed of a person, and other workshops. Raise PlacesError."""
    after = {name: form.cleaned_data[name] for name in form.fields if name in places.PERSON}
    # The form has put what was typed into its record; what stands there is in the database.
    stored = Delegate.objects.get(pk=delegate.pk)
    stored.delegation = entry.delegation
    if entry.needs_request:
        ask_for_edit(entry, stored, after, form.cleaned_data)
        return
    with transaction.atomic():
        write_details(stored, after, actor=entry.user)
        if "workshops" in form.cleaned_data:
            places.choose_workshops(stored, form.cleaned_data["workshops"], actor=entry.user)


@transaction.atomic
def ask_for_edit(entry: DelegationEntry, delegate: Delegate, after: dict, data: dict) -> None:
    asked = []
    changed = {name: value for name, value in after.items() if getattr(delegate, name) != value}
    why = data.get("why", "")
    if changed:
        before = {name: getattr(delegate, name) for name in changed}
        asked.append(request_change(entry, Change.EDIT, delegate, before, changed, why))
    wanted = [str(workshop) for workshop in data.get("workshops", [])]
    places_now = delegate.workshop_places.active().select_related("workshop")
    now = [str(place.workshop) for place in places_now]
    if "workshops" in data and sorted(wanted) != sorted(now):
        after = {"workshops": wanted, "keys": [workshop.pk for workshop in data["workshops"]]}
        before = {"workshops": now}
        asked.append(request_change(entry, Change.WORKSHOPS, delegate, before, after, why))
    change_requests.tell_received(asked)


def swap(entry: DelegationEntry, delegate: Delegate, form) -> None:
    """Put another person in the place of this one. Raise PlacesError."""
    person = {name: form.cleaned_data[name] for name in form.fields if name in places.PERSON}
    if entry.needs_request:
        before = {name: getattr(delegate, name) for name in person}
        why = form.cleaned_data["why"]
        with transaction.atomic():
            asked = request_change(entry, Change.SWAP, delegate, before, person, why)
            change_requests.tell_received([asked])
    else:
        places.swap(delegate, person, actor=entry.user)


@transaction.atomic
def ask_for_more(entry: DelegationEntry) -> None:
    """Ask the Secretariat to take the people not sent yet; asked for already, nothing happens."""
    asked = entry.delegation.change_requests.open().filter(change=Change.ADD)
    there = set(asked.values_list("delegate", flat=True))
    requests = []
    for delegate in entry.unsent:
        if delegate.pk not in there:
            after = {name: getattr(delegate, name) for name in (*places.NAMES, "role")}
            requests.append(request_change(entry, Change.ADD, delegate, {}, after, ""))
    change_requests.tell_received(requests)


def request_change(entry, change, delegate, before, after, why) -> ChangeRequest:
    return ChangeRequest.objects.create(
        delegation=entry.delegation,
        delegate=delegate,
        change=change,
        before=ChangeRequest.sealed(before),
        after=ChangeRequest.sealed(after),
        words=why,
        asked_by=entry.user,
    )


def answer_offers(entry: DelegationEntry, data) -> list[str]:
    """Answer each offer as `offer-<id>` says: accept or decline. Return what could not be done."""
    refusals = []
    offers = Offer.objects.filter(delegate__delegation=entry.delegation.pk)
    offers = offers.select_related("delegate__delegation", "workshop")
    chosen = {offer: data.get(f"offer-{offer.pk}") for offer in offers}
    for offer, answer in chosen.items():
        if answer not in ("accept", "decline"):
            continue
        try:
            places.answer_offer(offer, answer == "accept", actor=entry.user)
        except places.PlacesError as error:
            text = _("%(name)s: %(reason)s")
            refusals.append(text % {"name": offer.delegate, "reason": error})
    if not any(chosen.values()):
        refusals.append(_("Choose an answer for at least one offer."))
    return refusals
