"""What was answered so far: to fill the forms with, to check, and what sending it would give."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetings import places
from meetings.models import Delegate, PlaceState, Reason, Workshop

from .entry import DelegationEntry
from .forms import PeopleFormSet

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
    """Give the people not sent yet as the form's values."""
    fields = PeopleFormSet(meeting=entry.meeting, prefix=PREFIX).empty_form.fields
    return [
        {name: getattr(delegate, name) for name in fields if name != "delegate"}
        | {"delegate": delegate.pk}
        for delegate in entry.unsent
    ]


def lines(entry: DelegationEntry) -> dict[int, WorkshopPlacesLeft]:
    """Return how it stands with each workshop, by its key."""
    waiting = Count("workshop_places", filter=Q(workshop_places__place=PlaceState.WAITING))
    rows = entry.meeting.workshops.filter(cancelled_at=None).annotate(waiting=waiting)
    return {
        workshop.pk: WorkshopPlacesLeft(
            workshop, max(workshop.capacity - workshop.taken, 0), workshop.waiting
        )
        for workshop in rows
    }


def problems(entry: DelegationEntry) -> list[EntryProblem]:
    """List what keeps the delegation from being sent, each with the address to put it right."""
    found = []
    written = people(entry)
    if not written and not entry.is_submitted:
        found.append(EntryProblem(_("Nobody is written down yet."), entry.address("people")))
    for n, (delegate, values) in enumerate(zip(entry.unsent, written, strict=True), 1):
        if not is_complete(entry, values):
            text = _("Person %(n)d (%(name)s) is not complete.") % {"n": n, "name": delegate}
            found.append(EntryProblem(text, entry.address("people") + "?check=1"))
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
    """Say who may be registered twice. It is a warning: two people may share a name."""
    found = []
    for delegate in entry.unsent:
        others = same_person(entry, delegate)
        if others.filter(delegation=entry.delegation).exists():
            text = _("%(name)s stands in your delegation twice, by name or e-mail.")
        elif others.exists():
            text = _(
                "Somebody with the name or e-mail of %(name)s is registered for this meeting by"
                " another institution."
            )
        else:
            continue
        found.append(text % {"name": delegate})
    return found


def same_person(entry: DelegationEntry, delegate: Delegate):
    """Find the other people of the meeting with this name or e-mail."""
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


@dataclass(frozen=True)
class LineInWords:
    """What sending the delegation would give now in one line, a workshop's or the meeting's."""

    workshop: Workshop | None
    summary: str
    waiting: int
    waiting_before: int
    reasons: list[str]
    never_fits: bool


@dataclass(frozen=True)
class SubmissionPreview:
    """What sending the delegation would give now, line by line."""

    lines: list[LineInWords]
    is_together: bool

    @property
    def never_fits(self) -> bool:
        return any(line.never_fits for line in self.lines)

    @property
    def could_be_more(self) -> bool:
        """Tell whether some could have a place now if all need not come together."""
        return self.is_together and any(line.waiting for line in self.lines)


def preview(entry: DelegationEntry) -> SubmissionPreview:
    lines = [
        LineInWords(
            workshop=line.workshop,
            summary=summary(line),
            waiting=len(line.waiting),
            waiting_before=line.waiting_before,
            reasons=[Reason(reason).label for reason in line.reasons],
            never_fits=line.never_fits,
        )
        for line in places.preview(entry.delegation)
    ]
    return SubmissionPreview(lines, is_together=entry.delegation.is_all_together)


def summary(line: places.LinePreview) -> str:
    """Say in a sentence what one line would give: 2 places, 2 on the waiting list."""
    given, waiting = len(line.given), len(line.waiting)
    if not waiting:
        return ngettext("%(n)d place", "%(n)d places", given) % {"n": given}
    if not given:
        return ngettext(
            "%(n)d person on the waiting list", "%(n)d people on the waiting list", waiting
        ) % {"n": waiting}
    return _("%(given)s, %(waiting)s") % {
        "given": ngettext("%(n)d place", "%(n)d places", given) % {"n": given},
        "waiting": _("%(n)d on the waiting list") % {"n": waiting},
    }
