"""Exchange visits: host and guests each write a statement, public once an officer releases it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, override

from members.models import Institution, User
from sscnet.core.i18n.dates import BEIJING
from sscnet.outbox import due, post
from sscnet.outbox.wordings import Wording, register

from ..models import Meeting, MeetingInstitution, VisitStatement
from ..programme.related import role_label
from .action_points import people_of

# For how long after a visit is written about it.
MAIL_DAYS = timedelta(days=365)
WORDS = {
    "meeting": gettext_lazy("the exchange visit"),
    "institution": gettext_lazy("the institution"),
}
OPTIONS = {"words": WORDS, "link_label": gettext_lazy("Open the exchange visit")}
TO_STATE, RETURNED = "visit-to-state", "visit-returned"
register(
    Wording(
        TO_STATE,
        gettext_lazy("statement on an exchange visit to write"),
        gettext_lazy("Please write on: {meeting}"),
        gettext_lazy(
            "The portal lists {institution} as a side of the exchange visit {meeting}. Please say "
            "in a few sentences what the visit is for and, once it is over, what came of it; each "
            "side writes for itself. If anything is wrong, reply to this email."
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
        for link in meeting.meeting_institutions.all()
        if link.role in MeetingInstitution.SIDES
    }
    for statement in meeting.visit_statements.all():
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
