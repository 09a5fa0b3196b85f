"""Notices of changes of a meeting: what delegations do not know yet, and the mails about it.

Officers see who would get one before a change is saved.

A meeting that is cancelled, moved or held after all is told to every delegation; a workshop that
changed, to those who asked for it. Triggers keep what was told last (`models.triggers`), so it
holds for every way of writing, and `run_due` writes the mails: one for all that changed since.
"""

from copy import deepcopy
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.translation import gettext

from sscnet.core.i18n.texts import comma_separated, translated
from sscnet.outbox import due
from sscnet.outbox.wordings import register

from ..models import ACTIVE, Delegate, Delegation, Meeting, Workshop, WorkshopPlace
from ..places import mails
from ..programme.times import when, where
from .dry_run import dry_run, shown

# What the form carries once its mails were seen: the number of what they tell.
SEEN = "_told"


class MailsToSee(Exception):
    """Saving would tell delegations of it: it is rolled back for the page of this context."""


def look_at_mails(request, meeting: Meeting) -> None:
    """Raise MailsToSee where what was just saved tells somebody, and the mails were not seen."""
    meeting = Meeting.objects.get(pk=meeting.pk)
    announcement = announcement_of(meeting)
    if announcement is None or request.POST.get(SEEN) == str(announcement.version):
        return
    seen = dry_run([meeting], lambda: tell(announcement))
    unreachable = [d for d in concerned(announcement) if not mails.acting_addresses(d)]
    if seen.mails or unreachable:
        context = {"original": meeting, "unreachable": unreachable, "version": announcement.version}
        raise MailsToSee(shown(request, seen) | context | {"seen": SEEN})


CANCELLED, REINSTATED, MOVED = "meeting-cancelled", "meeting-reinstated", "meeting-moved"
PROGRAMME = "programme-changed"
YOURS = "-delegate"
for kind in (CANCELLED, REINSTATED, MOVED, PROGRAMME):
    register(kind, *mails.WORDS, "changes")
    register(kind + YOURS, *mails.WORDS, "changes")


@dataclass
class Announcement:
    """What changed: the meeting as it was told last, and workshops with what they were."""

    meeting: Meeting
    former: Meeting
    kind: str
    workshops: list[tuple[Workshop, Workshop]] = field(default_factory=list)

    @property
    def version(self) -> int:
        """Return a number that grows with each change of what is told."""
        parts = self.meeting.workshops.values_list("sequence", flat=True)
        return self.meeting.sequence + sum(parts)


def as_announced(record):
    """Return a record as it was when delegations were told last."""
    former = deepcopy(record)
    for name, value in (record.unannounced_change or {}).items():
        setattr(former, name, type(record)._meta.get_field(name).to_python(value))
    return former


def differs(record, former) -> bool:
    names = record.unannounced_change or ()
    return any((getattr(record, n) or None) != (getattr(former, n) or None) for n in names)


def kind_of(meeting: Meeting, former: Meeting) -> str:
    if meeting.is_over or not differs(meeting, former):
        return ""
    if meeting.is_cancelled:
        return "" if former.is_cancelled else CANCELLED
    return REINSTATED if former.is_cancelled else MOVED


def announcement_of(meeting: Meeting) -> Announcement | None:
    """Return what delegations of a meeting are to be told; None where it is nothing."""
    former = as_announced(meeting)
    changed = [
        (w, as_announced(w)) for w in meeting.workshops.filter(unannounced_change__isnull=False)
    ]
    changed = [(w, before) for w, before in changed if differs(w, before)]
    kind = kind_of(meeting, former)
    if not kind and changed and not meeting.is_over and not meeting.is_cancelled:
        kind = PROGRAMME
    return Announcement(meeting, former, kind, changed) if kind else None


# ------------------------------------------------------------------ the mails


@due.register
def tell_of_changes() -> None:
    """Write what is not told yet; each to each once, also where two do this at the same moment."""
    of_workshops = Workshop.objects.filter(unannounced_change__isnull=False).values("meeting")
    changed = Meeting.objects.filter(unannounced_change__isnull=False)
    for meeting in changed | Meeting.objects.filter(pk__in=of_workshops):
        workshops = list(meeting.workshops.filter(unannounced_change__isnull=False))
        if announcement := announcement_of(meeting):
            tell(announcement)
        for record in (meeting, *workshops):
            # What changed meanwhile is told the next time.
            rows = type(record).objects.filter(pk=record.pk, sequence=record.sequence)
            rows.update(unannounced_change={})


def tell(announcement: Announcement) -> None:
    for delegation in concerned(announcement):
        with transaction.atomic():
            tell_delegation(announcement, delegation)


def concerned(announcement: Announcement):
    """Return the delegations that are told."""
    rows = announcement.meeting.delegations.exclude(state=Delegation.State.WITHDRAWN)
    if announcement.kind == PROGRAMME:
        rows = rows.filter(pk__in=places_in(announcement).values("delegate__delegation"))
    return rows.select_related("institution").order_by("pk")


def places_in(announcement: Announcement):
    workshops = [workshop.pk for workshop, _former in announcement.workshops]
    return WorkshopPlace.objects.active().filter(workshop__in=workshops)


def tell_delegation(announcement: Announcement, delegation: Delegation) -> None:
    delegation.meeting = announcement.meeting
    people = list(Delegate.objects.filter(delegation=delegation))
    places = list(places_in(announcement).filter(delegate__in=people))
    key = f"{announcement.version}:{delegation.pk}"
    words = {"changes": changes_in_words(announcement, {p.workshop_id for p in places})}
    officers = mails.acting_addresses(delegation)
    files = mails.calendar_of(announcement.meeting, people)
    link = mails.link_of(delegation, announcement.kind)
    for address in sorted(officers):
        mails.send(delegation, announcement.kind, address, key, [], link, words, files)
    for person in people:
        own = {p.workshop_id for p in places if p.delegate_id == person.pk}
        is_mailed = person.place in ACTIVE and (own or announcement.kind != PROGRAMME)
        if person.email and is_mailed and person.email not in officers:
            page, kind = announcement.meeting.get_absolute_url(), announcement.kind + YOURS
            said = changes_in_words(announcement, own)
            mails.write_to_person(delegation, person, kind, key, [], page, changes=said)


def changes_of(announcement: Announcement, workshops: set[int]) -> str:
    """Return what was before, and those of the workshops that changed."""
    lines = []
    if announcement.kind == MOVED:
        former = announcement.former
        before = [when(former), where(former)]
        lines += [gettext("Before:"), *filter(None, before), ""]
    if announcement.kind != CANCELLED:
        lines += [
            workshop_line(workshop, former, announcement)
            for workshop, former in announcement.workshops
            if workshop.pk in workshops
        ]
    return "\n".join(lines).strip()


# In the language in which the mail is being made.
changes_in_words = lazy(changes_of, str)


def workshop_line(workshop: Workshop, former: Workshop, announcement: Announcement) -> str:
    if workshop.is_cancelled:
        return gettext("“%(workshop)s” is cancelled.") % {"workshop": workshop}
    words = {
        "workshop": workshop,
        "before": time_and_room(former, announcement.former),
        "now": time_and_room(workshop, announcement.meeting),
    }
    return gettext("“%(workshop)s” – before: %(before)s; now: %(now)s") % words


def time_and_room(workshop: Workshop, meeting: Meeting) -> str:
    begins = gettext("time not known yet")
    if workshop.starts_at:
        begins = date_format(workshop.starts_at.astimezone(meeting.zone), "DATETIME_FORMAT")
    parts = [begins, translated(workshop, "room")]
    return comma_separated(part for part in parts if part)
