"""Exchange visits: what host and guests each write is a version of the visit until released."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone

from members.mails import write_to_institution
from members.models import Institution, User
from sscnet.changes import versions
from sscnet.changes.parts import parts_in_form
from sscnet.changes.trial import try_out
from sscnet.core.i18n.dates import BEIJING
from sscnet.core.models import ProposedVersion
from sscnet.outbox import due
from sscnet.outbox.version_mails import tell_author
from sscnet.outbox.wordings import register

from ..models import Meeting, MeetingInstitution
from ..programme.related import is_visit, role_label

# For how long after a visit is written about it.
MAIL_DAYS = timedelta(days=365)
TO_STATE = "visit-to-state"
register(TO_STATE, "meeting", "institution", is_weekly=True)


@dataclass
class VisitSide:
    """An institution's part in a visit, with its statement once that is public."""

    institution: Institution
    role: Any
    statement: MeetingInstitution | None


def sides_of(meeting: Meeting) -> list[VisitSide]:
    """Return host and guests of an exchange visit as its page read them; none of others."""
    return [
        VisitSide(one.institution, role_label(meeting, one.role), one if one.stated_on else None)
        for one in meeting.rows("meeting_institutions")
        if is_visit(meeting) and one.role in MeetingInstitution.SIDES
    ]


# ------------------------------------------------------------------ what the sides do


def version_of(side: MeetingInstitution) -> ProposedVersion | None:
    """Return the newest version that holds the side's statement."""
    changes = [{"model": side._meta.label_lower, "key": str(side.pk)}]
    sent = ProposedVersion.objects.of_record(side.meeting).filter(changes__contains=changes)
    return sent.filter(origin=ProposedVersion.Origin.PROFILE).first()


def owes_statement(side: MeetingInstitution) -> bool:
    """Return whether a side said nothing yet, or nothing of how it went."""
    version = version_of(side)
    stated_on = side.stated_on
    if version and version.is_waiting:
        stated_on = timezone.localdate(version.made_at, side.meeting.zone)
    began_on = side.meeting.starts_on or side.meeting.ends_on
    return stated_on is None or bool(side.meeting.is_over and began_on and stated_on < began_on)


@transaction.atomic
def send(side: MeetingInstitution, by: User, **texts: str) -> None:
    """Keep a statement as a version, instead of one that waits."""
    # One at a time writes for a side.
    side = MeetingInstitution.objects.select_for_update().get(pk=side.pk)
    values = texts | {"stated_on": timezone.localdate(timezone=side.meeting.zone)}

    def store():
        for name, value in values.items():
            setattr(side, name, value)
        side.save()

    parts = parts_in_form(Meeting, {MeetingInstitution})
    [changes] = try_out([side.meeting], parts, store).values()
    if changes:
        options = {"origin": ProposedVersion.Origin.PROFILE, "replaces": version_of(side)}
        versions.propose(side.meeting, changes, by, **options)


# ------------------------------------------------------------------ mails


@receiver(versions.version_decided, dispatch_uid="tell_side_of_visit")
def after_decision(version: ProposedVersion, **kwargs) -> None:
    visit, is_theirs = version.record, version.origin == ProposedVersion.Origin.PROFILE
    if is_theirs and isinstance(visit, Meeting) and is_visit(visit):
        side = MeetingInstitution.objects.get(pk=version.changes[0]["key"])
        tell_author(version, side.institution, address_of(side))


@due.register
def ask_the_sides() -> None:
    """Ask each side once for a statement on a visit, and once more when it is over."""
    since = timezone.localdate(timezone=BEIJING) - MAIL_DAYS
    sides = MeetingInstitution.objects.of_visits().filter(meeting__ends_on__gte=since)
    for side in sides.select_related("meeting", "institution"):
        if owes_statement(side):
            ask(side)


@transaction.atomic
def ask(side: MeetingInstitution) -> None:
    meeting, institution = side.meeting, side.institution
    write_to_institution(
        TO_STATE,
        institution,
        f"{meeting.pk}:{institution.pk}:{'over' if meeting.is_over else ''}",
        link=address_of(side),
        words={"meeting": meeting, "institution": institution},
    )


def address_of(side: MeetingInstitution) -> str:
    return reverse("meetings:my_visit", args=[side.institution.slug, side.meeting.slug])
