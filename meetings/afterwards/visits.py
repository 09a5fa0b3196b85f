"""Exchange visits: host and guests each write a statement, public once an officer releases it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from members.mails import write_to_institution
from members.models import Institution, User
from sscnet.core.i18n.dates import BEIJING
from sscnet.outbox import due
from sscnet.outbox.wordings import register

from ..models import Meeting, MeetingInstitution, VisitStatement
from ..programme.related import role_label

# For how long after a visit is written about it.
MAIL_DAYS = timedelta(days=365)
TO_STATE, RETURNED = "visit-to-state", "visit-returned"
register(TO_STATE, "meeting", "institution", is_weekly=True)
register(RETURNED, "meeting", "institution")


@dataclass
class VisitSide:
    """An institution's part in a visit, with its newest statement that is public."""

    institution: Institution
    role: Any
    statement: VisitStatement | None = None


def sides_of(meeting: Meeting) -> list[VisitSide]:
    """Return host and guests of an exchange visit as its page read them; none of others."""
    if meeting.kind != Meeting.Kind.EXCHANGE_VISIT:
        return []
    sides = {
        link.institution_id: VisitSide(link.institution, role_label(meeting, link.role))
        for link in meeting.rows("meeting_institutions")
        if link.role in MeetingInstitution.SIDES
    }
    for statement in meeting.rows("visit_statements"):
        if side := sides.get(statement.institution_id):
            side.statement = side.statement or statement
    return list(sides.values())


# ------------------------------------------------------------------ what the sides do


@transaction.atomic
def send(side: MeetingInstitution, by: User, **texts: str) -> None:
    """Keep a statement until an officer releases it, instead of one that waits."""
    # One at a time writes for a side.
    MeetingInstitution.objects.select_for_update().get(pk=side.pk)
    VisitStatement.objects.waiting().filter(**of(side)).delete()
    VisitStatement.objects.create(sent_by=by, **of(side), **texts)


def of(side: MeetingInstitution) -> dict:
    return {"meeting": side.meeting, "institution": side.institution}


def release(statement: VisitStatement) -> bool:
    waiting = VisitStatement.objects.waiting().filter(pk=statement.pk)
    return bool(waiting.update(released_at=timezone.now()))


@transaction.atomic
def give_back(statement: VisitStatement) -> bool:
    waiting = VisitStatement.objects.waiting().filter(pk=statement.pk)
    if not waiting.update(returned_at=timezone.now()):
        return False
    tell(RETURNED, statement.meeting, statement.institution, str(statement.pk))
    return True


# ------------------------------------------------------------------ mails


@due.register
def ask_the_sides() -> None:
    """Ask each side once for a statement on a visit, and once more when it is over."""
    since = timezone.localdate(timezone=BEIJING) - MAIL_DAYS
    sides = MeetingInstitution.objects.of_visits().filter(meeting__ends_on__gte=since)
    for side in sides.select_related("meeting", "institution"):
        if side.owes_statement:
            key = "over" if side.meeting.is_over else ""
            tell(TO_STATE, side.meeting, side.institution, key)


@transaction.atomic
def tell(kind: str, meeting: Meeting, institution: Institution, key: str = "") -> None:
    write_to_institution(
        kind,
        institution,
        f"{meeting.pk}:{institution.pk}:{key}",
        link=reverse("meetings:my_visit", args=[institution.slug, meeting.slug]),
        words={"meeting": meeting, "institution": institution},
    )
