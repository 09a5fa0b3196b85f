"""What was answered so far: to fill the forms with, to check, and what sending it would give."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from meetings import places
from meetings.models import Delegate, Delegation, PlaceState, Workshop

from ..entry import DelegationEntry
from ..forms import PeopleFormSet, in_words, overlapping
from .forms import AnswersForm

PREFIX = "people"


@dataclass(frozen=True)
class WorkshopPlacesLeft:
    """A workshop, how many places it has left, and how many wait for one."""

    workshop: Workshop
    left: int
    waiting: int


@dataclass(frozen=True)
class EntryProblem:
    """Something to put right before the delegation can be sent, and where."""

    message: str
    address: str


def people(entry: DelegationEntry) -> list[dict]:
    """Return the people not sent yet as the form's values."""
    fields = PeopleFormSet(meeting=entry.meeting, prefix=PREFIX).empty_form.fields
    return [values_of(delegate, fields) for delegate in entry.unsent]


def values_of(delegate: Delegate, fields: Iterable[str]) -> dict:
    values = {name: getattr(delegate, name) for name in fields if name != "delegate"}
    return values | {"delegate": delegate.pk}


def lines(entry: DelegationEntry) -> dict[int, WorkshopPlacesLeft]:
    """Return the places left in each workshop, by its key."""
    waiting = Count("workshop_places", filter=Q(workshop_places__place=PlaceState.WAITING))
    rows = entry.meeting.workshops.filter(cancelled_at=None).annotate(waiting=waiting)
    return {
        workshop.pk: WorkshopPlacesLeft(
            workshop, max(workshop.capacity - workshop.taken, 0), workshop.waiting
        )
        for workshop in rows
    }


def problems(entry: DelegationEntry) -> list[EntryProblem]:
    """Return what keeps the delegation from being sent, each with the address to put it right."""
    found = []
    written = people(entry)
    if not written and not entry.is_submitted:
        found.append(EntryProblem(_("Nobody has been added yet."), entry.address("people")))
    for n, (delegate, values) in enumerate(zip(entry.unsent, written, strict=True), 1):
        if not is_complete(entry, values):
            text = _("Person %(n)d (%(name)s) is not complete.") % {"n": n, "name": delegate}
            found.append(EntryProblem(text, entry.address("people") + "?check=1"))
    for delegate in entry.unsent if entry.questions else ():
        if not AnswersForm(delegate=delegate, questions=entry.questions).is_complete:
            text = _("Answers of %(name)s are missing.") % {"name": delegate}
            found.append(EntryProblem(text, entry.address("questions")))
    if entry.meeting.asks_for_letter and not entry.delegation.nomination_letter:
        found.append(EntryProblem(_("The nomination letter is missing."), entry.address("rule")))
    return found


def is_complete(entry: DelegationEntry, values: dict) -> bool:
    return bound_people(entry, [values]).is_valid()


def bound_people(entry: DelegationEntry, people: list[dict]):
    """Fill the form with people as if they had just been typed, so that it says what is wrong."""
    data = {f"{PREFIX}-TOTAL_FORMS": len(people), f"{PREFIX}-INITIAL_FORMS": 0}
    for n, person in enumerate(people):
        for name, value in person.items():
            if value not in (None, False):
                data[f"{PREFIX}-{n}-{name}"] = value
    return PeopleFormSet(data, meeting=entry.meeting, prefix=PREFIX)


def warnings(entry: DelegationEntry) -> list[str]:
    """Return who may be registered twice, or be at two places at once: warnings, no mistakes.

    Two people may share a name.
    """
    found = []
    for delegate in entry.unsent:
        others = same_person(entry, delegate)
        if others.filter(delegation=entry.delegation).exists():
            text = _("%(name)s is in your delegation twice, by name or email.")
        elif others.exists():
            text = _(
                "Another institution has already registered somebody with the name or email of "
                "%(name)s for this meeting."
            )
        else:
            continue
        found.append(text % {"name": delegate})
    return found + at_the_same_time(entry)


def at_the_same_time(entry: DelegationEntry) -> list[str]:
    """Return who is to be at two workshops at once."""
    found = []
    for delegate in entry.unsent:
        chosen = [place.workshop for place in delegate.workshop_places.all()]
        for pair in overlapping(chosen) if len(chosen) > 1 else ():
            words = {"name": delegate, "workshops": in_words(pair)}
            found.append(_("%(name)s: %(workshops)s") % words)
    return found


def same_person(entry: DelegationEntry, delegate: Delegate):
    """Return the other people of the meeting with this name or e-mail."""
    same = Q()
    if delegate.email:
        same |= Q(email__iexact=delegate.email)
    if delegate.chinese_name:
        same |= Q(chinese_name=delegate.chinese_name)
    if delegate.family_name or delegate.given_names:
        same |= Q(
            family_name__iexact=delegate.family_name, given_names__iexact=delegate.given_names
        )
    others = Delegate.objects.filter(delegation__meeting=entry.meeting).exclude(pk=delegate.pk)
    sent_or_ours = ~Q(place=PlaceState.NOT_ASKED) | Q(delegation=entry.delegation)
    return others.filter(same).filter(sent_or_ours) if same else others.none()


def could_be_more(entry: DelegationEntry, preview: list[places.LinePreview]) -> bool:
    """Return whether more people could have a place now if all need not come together."""
    if not entry.delegation.is_all_together:
        return False
    as_many = places.preview(entry.delegation, rule=Delegation.Rule.AS_MANY_AS_FIT)
    return places_in(as_many) > places_in(preview)


def places_in(preview: list[places.LinePreview]) -> int:
    return sum(len(line.given) for line in preview)
