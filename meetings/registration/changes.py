"""Changes of a delegation that was sent: done at once, or asked for after the freeze day.

Each is described by a `ChangeRequest`, which is stored only where officers have to answer it. A
mail names the kind of a change, the person and the fields, no values: they may tell of health.
"""

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _

from sscnet.core.i18n.texts import comma_separated

from .. import places
from ..models import ChangeRequest, Delegate, Delegation, Offer, PlaceState, Workshop
from ..places import mails
from . import roster
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


# ------------------------------------------------------------------ what an institution changes


def edit(entry: DelegationEntry, delegate: Delegate, form) -> None:
    """Store what was changed of a person, and other workshops. Raise PlacesError."""
    # The form has put what was typed into its record; what stands there is in the database.
    stored, data, wanted = Delegate.objects.get(pk=delegate.pk), form.cleaned_data, []
    before, after = person_in(stored, form)
    if changed := {name: value for name, value in after.items() if before[name] != value}:
        before = {name: before[name] for name in changed}
        wanted.append(change_of(entry, Change.EDIT, stored, before, changed, form))
    if "workshops" in data:
        places_now = stored.workshop_places.active().select_related("workshop")
        now = {place.workshop_id: str(place.workshop) for place in places_now}
        chosen = {workshop.pk: str(workshop) for workshop in data["workshops"]}
        if now.keys() != chosen.keys():
            before = {"workshops": [*now.values()]}
            after = {"workshops": [*chosen.values()], "keys": [*chosen]}
            wanted.append(change_of(entry, Change.WORKSHOPS, stored, before, after, form))
    do_or_ask(entry, wanted)


def swap(entry: DelegationEntry, delegate: Delegate, form) -> None:
    """Put another person in the place of this one. Raise PlacesError."""
    person = person_in(delegate, form)
    do_or_ask(entry, [change_of(entry, Change.SWAP, delegate, *person, form)])


def ask_for_more(entry: DelegationEntry) -> None:
    """Ask the Secretariat to take the people not sent yet; asked for already, nothing happens."""
    asked = entry.delegation.change_requests.open().filter(change=Change.ADD)
    there, wanted = set(asked.values_list("delegate", flat=True)), []
    for delegate in entry.unsent:
        if delegate.pk not in there:
            after = {name: getattr(delegate, name) for name in (*places.NAMES, "role")}
            wanted.append(change_of(entry, Change.ADD, delegate, {}, after))
    do_or_ask(entry, wanted)


def person_in(delegate: Delegate, form) -> tuple[dict, dict]:
    """Return the person's fields that the form has: as they are, and as they were sent."""
    names = [name for name in form.fields if name in places.PERSON]
    before = {name: getattr(delegate, name) for name in names}
    return before, {name: form.cleaned_data[name] for name in names}


def change_of(entry, change, delegate, before: dict, after: dict, form=None) -> ChangeRequest:
    return ChangeRequest(
        delegation=entry.delegation,
        delegate=delegate,
        change=change,
        before=ChangeRequest.sealed(before),
        after=ChangeRequest.sealed(after),
        words=form.cleaned_data.get("why", "") if form else "",
        asked_by=entry.user,
    )


@transaction.atomic
def do_or_ask(entry: DelegationEntry, wanted: list[ChangeRequest]) -> None:
    """Do these changes now; after the freeze day ask the Secretariat for them instead."""
    if not entry.needs_request:
        for one in wanted:
            do(one, actor=entry.user)
        return
    for one in wanted:
        one.save()
    tell_received(wanted)


def do(change: ChangeRequest, **told) -> None:
    """Do what is wanted; `told`: the options of an operation on places. Raise PlacesError."""
    after = change.opened(change.after)
    match change.change:
        case Change.ADD:
            places.submit(change.delegation, **told)
        case Change.EDIT:
            write_details(person_of(change), after, **told)
        case Change.SWAP:
            places.swap(person_of(change), after, **told)
        case Change.WORKSHOPS:
            chosen = Workshop.objects.filter(pk__in=after["keys"])
            places.choose_workshops(person_of(change), chosen, **told)


def person_of(change: ChangeRequest) -> Delegate:
    delegate = change.delegate
    if not delegate.is_active:
        raise places.NotPossible(_("This person no longer has a place at the meeting."))
    delegate.delegation = change.delegation
    return delegate


def write_details(delegate: Delegate, details: dict, **told) -> None:
    """Store what is known of a person; a name for a place to be named goes through places."""
    if delegate.to_be_named and any(details.get(name) for name in places.NAMES):
        known = {name: getattr(delegate, name) for name in places.PERSON}
        places.name(delegate, known | details, **told)
    else:
        Delegate.objects.filter(pk=delegate.pk).update(**details)
    roster.keep(Delegate.objects.filter(pk=delegate.pk, may_be_kept=True))


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


# ------------------------------------------------------------------ what officers answer


def accept(requests: list[ChangeRequest], officer, answer: str = "") -> None:
    """Do what was asked and write to the institution; an answered request stays as it is.

    Those of one delegation are done together, with one mail. Raises PlacesError where one can no
    longer be done, such as for a person who withdrew; then all stay open.
    """
    decide(requests, ChangeRequest.State.ACCEPTED, officer, answer)


def refuse(requests: list[ChangeRequest], officer, answer: str) -> None:
    """Refuse what was asked, and write the reason to the institution."""
    decide(requests, ChangeRequest.State.REFUSED, officer, answer)


@transaction.atomic
def decide(requests: list[ChangeRequest], state: str, officer, answer: str) -> None:
    rows = ChangeRequest.objects.open().select_for_update(of=("self",)).order_by("pk")
    rows = rows.select_related("delegation__meeting", "delegation__institution", "delegate")
    found = list(rows.filter(pk__in=[one.pk for one in requests]))
    delegation = Delegation.objects.filter(pk=requests[0].delegation_id)
    due_before = delegation.get().confirmation_due_at
    touched = set()
    for row in found:
        if state == ChangeRequest.State.ACCEPTED:
            do(row, actor=officer, told_later={row.delegation_id: touched})
            if row.change != Change.EDIT:
                touched.add(row.delegate_id)
        row.state, row.answer = state, answer
        row.answered_by, row.answered_at = officer, timezone.now()
        row.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    if found:
        # The mail of the decision confirms what was done.
        delegation.update(confirmation_due_at=due_before)
        tell_decided(found, touched)


# ------------------------------------------------------------------ mails


def by_person(requests: Iterable[ChangeRequest]) -> str:
    """Return the changes asked for, one a line."""
    return "\n".join(line(request) for request in requests)


# In the language in which the mail is being made.
changes_in_words = lazy(by_person, str)


def line(request: ChangeRequest) -> str:
    words = {"person": request.delegate, "change": request.get_change_display()}
    if request.change != Change.EDIT:
        return _("%(person)s: %(change)s") % words
    words["fields"] = comma_separated(label for label, _before, _after in request.differences)
    return _("%(person)s: %(change)s (%(fields)s)") % words


def tell_received(requests: list[ChangeRequest]) -> None:
    """Write one mail to those who act for the institution, and one to the Secretariat."""
    if not requests:
        return
    delegation, key = requests[0].delegation, f"{requests[0].pk}"
    changes = changes_in_words(requests)
    mails.write(delegation, "change-received", key, [], changes=changes)
    if to := settings.SECRETARIAT_MAILBOX:
        link = reverse("admin:meetings_changerequest_changelist") + "?state__exact=open"
        mails.send(delegation, "change-asked", to, key, [], link, {"changes": changes})


def tell_decided(requests: list[ChangeRequest], touched: set[int]) -> None:
    """Write one mail about all requests of a delegation that were decided in one step."""
    first = requests[0]
    words = {"answer": first.answer, "changes": changes_in_words(requests)}
    if first.state == ChangeRequest.State.ACCEPTED:
        mails.write_to_all(first.delegation, "change-accepted", f"{first.pk}", touched, words)
    else:
        found = places.statuses(first.delegation)
        mails.write(first.delegation, "change-refused", f"{first.pk}", found, **words)
