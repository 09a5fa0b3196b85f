"""Exchange visits: host and guests each confirm, and send a programme and a report.

What they write is public once an officer has released it.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, override

from members.models import Institution, User
from sscnet.core.dates import BEIJING
from sscnet.outbox import due, post
from sscnet.outbox.wordings import Wording, register

from .action_points import people_of
from .models import Meeting, MeetingInstitution, VisitStatement
from .related import role_label

Kind = VisitStatement.Kind
# For how long after a visit is written about it.
MAIL_DAYS = timedelta(days=365)
WORDS = {
    "meeting": gettext_lazy("the exchange visit"),
    "institution": gettext_lazy("the institution"),
}
OPTIONS = {"words": WORDS, "link_label": gettext_lazy("Open the exchange visit")}
TO_CONFIRM, TO_REPORT, RETURNED = "visit-to-confirm", "visit-to-report", "visit-returned"
register(
    Wording(
        TO_CONFIRM,
        gettext_lazy("exchange visit to confirm"),
        gettext_lazy("Please confirm: {meeting}"),
        gettext_lazy(
            "The portal lists {institution} as a side of the exchange visit {meeting}. Please "
            "confirm that this is right, and send your side’s programme. If it is not right, "
            "reply to this email."
        ),
        **OPTIONS,
    )
)
register(
    Wording(
        TO_REPORT,
        gettext_lazy("report on an exchange visit"),
        gettext_lazy("Please report: {meeting}"),
        gettext_lazy(
            "The exchange visit {meeting} has ended. Please describe its results for "
            "{institution} in a few sentences; each side sends its own report."
        ),
        **OPTIONS,
    )
)
register(
    Wording(
        RETURNED,
        gettext_lazy("text on an exchange visit returned"),
        gettext_lazy("Please revise your text: {meeting}"),
        gettext_lazy(
            "The Secretariat has returned the text of {institution} on the exchange visit "
            "{meeting} and cannot publish it as it is. Please send it again, or reply to this "
            "email."
        ),
        **OPTIONS,
    )
)


@dataclass
class VisitSide:
    """An institution's part in a visit, with the newest statement of each kind that is public."""

    institution: Institution
    role: Any
    statements: dict[str, VisitStatement] = field(default_factory=dict)


def sides_of(meeting: Meeting) -> list[VisitSide]:
    """Return host and guests of an exchange visit as its page read them; none of others."""
    if meeting.kind != Meeting.Kind.EXCHANGE_VISIT:
        return []
    sides = {
        link.institution_id: VisitSide(link.institution, role_label(meeting, link.role))
        for link in meeting.meeting_institutions.all()
        if link.role in MeetingInstitution.SIDES
    }
    for statement in meeting.visit_statements.all():
        if side := sides.get(statement.institution_id):
            side.statements.setdefault(statement.kind, statement)
    return list(sides.values())


# ------------------------------------------------------------------ what the sides do


@transaction.atomic
def confirm(side: MeetingInstitution, by: User) -> None:
    mine = lock(side)
    mine.get_or_create(
        kind=Kind.CONFIRMATION,
        defaults={"sent_by": by, "released_at": timezone.now()} | of(side),
    )


@transaction.atomic
def send(side: MeetingInstitution, kind: str, by: User, **texts: str) -> None:
    """Keep a programme or report until an officer releases it, instead of one that waits."""
    mine = lock(side)
    mine.waiting().filter(kind=kind).delete()
    mine.create(kind=kind, sent_by=by, **of(side), **texts)


def of(side: MeetingInstitution) -> dict:
    return {"meeting": side.meeting, "institution": side.institution}


def lock(side: MeetingInstitution):
    """Let one at a time write for a side; return its statements."""
    MeetingInstitution.objects.select_for_update().get(pk=side.pk)
    return VisitStatement.objects.filter(**of(side))


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
    """Ask each side once to confirm a visit, and once to report when it is over."""
    since = timezone.localdate(timezone=BEIJING) - MAIL_DAYS
    sides = MeetingInstitution.objects.of_visits().filter(meeting__ends_on__gte=since)
    for side in sides.select_related("meeting", "institution"):
        asked = side.missing_statements
        if Kind.REPORT in asked:
            tell(TO_REPORT, side.meeting, side.institution)
        elif Kind.CONFIRMATION in asked:
            tell(TO_CONFIRM, side.meeting, side.institution)


@transaction.atomic
def tell(kind: str, meeting: Meeting, institution: Institution, key: str = "") -> None:
    """Write to all who may act for the institution, each once for this key."""
    # The outbox makes the Chinese address out of the English one.
    with override("en"):
        link = reverse("meetings:my_visit", args=[institution.slug, meeting.slug])
    for user, address in people_of(institution):
        post.write(
            kind,
            to=address,
            key=f"{kind}:{meeting.pk}:{institution.pk}:{key}:{user}",
            about=institution,
            link=link,
            words={"meeting": meeting, "institution": institution},
        )
