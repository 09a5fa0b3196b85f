"""What goes of a meeting's people by the clock, after a notice to the officers."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sscnet.core.personal_data import erasure_log, retention
from sscnet.outbox import due, post
from sscnet.outbox.wordings import register

from ..models import Attendance, Delegate, DelegateLink, Erasure, Meeting
from .erasing import (
    Reason,
    empty,
    erase,
    erase_person,
    erase_walk_in,
    lock,
    meetings_due,
    naming_persons,
    of_meeting,
)

MAY_ERASE = "meetings.add_erasure"
NOTICE = "erasing-soon"
register(NOTICE, "meeting", "day")


# ------------------------------------------------------------------ the notice


@due.register
def tell_officers() -> None:
    """Tell those who may erase of each retention day that is near, once."""
    near = timezone.localdate() + timedelta(days=settings.ERASURE_NOTICE_DAYS)
    untold = naming_persons().exclude(erasure_told_for=F("retain_until"))
    for meeting in untold.filter(retain_until__lte=near).order_by("pk"):
        tell(meeting)


@transaction.atomic
def tell(meeting: Meeting) -> None:
    day, now = meeting.retain_until, timezone.now()
    # Of two clocks at once both come here, and the second finds it done.
    untold = Meeting.objects.filter(pk=meeting.pk).exclude(erasure_told_for=day)
    if not untold.update(erasure_told_for=day, erasure_told_at=now):
        return
    notified_until = timezone.localdate(now + timedelta(days=settings.ERASURE_NOTICE_DAYS))
    words = {"meeting": meeting, "day": max(day + timedelta(days=1), notified_until)}
    for address in officers():
        post.write(
            NOTICE,
            to=address,
            key=f"{NOTICE}:{meeting.pk}:{day}:{address}"[:200],
            about=meeting,
            words=words,
            link=reverse("admin:meetings_meeting_change", args=[meeting.pk]),
        )


def officers() -> list[str]:
    """Return the addresses of those who may erase, or else the Secretariat's mailbox."""
    users = ModelBackend().with_perm(MAY_ERASE).filter(is_staff=True)
    addresses = sorted(set(users.values_list("email", flat=True)))
    return addresses or list(filter(None, [settings.SECRETARIAT_MAILBOX]))


# ------------------------------------------------------------------ erasing


@retention.rule("meetings", _("people at meetings"))
def erase_due_meetings() -> int:
    """Erase where the officers were told long enough before."""
    notified_before = timezone.now() - timedelta(days=settings.ERASURE_NOTICE_DAYS)
    notified = meetings_due().filter(
        erasure_told_for=F("retain_until"), erasure_told_at__lte=notified_before
    )
    return sum(people_in(erase(meeting)) for meeting in notified)


def people_in(protocol: Erasure | None) -> int:
    return protocol.people + protocol.walk_ins if protocol else 0


@erasure_log.repeats("meeting", Meeting, "created_at")
@transaction.atomic
def erase_meeting_again(meeting: Meeting, until: datetime) -> int:
    """Erase again what was erased then; who came later stays."""
    lock(meeting)
    remains = of_meeting(meeting, until)
    if not (remains.people.exists() or remains.walk_ins.exists()):
        return 0
    return people_in(empty(remains, Erasure(meeting=meeting, reason=Reason.RESTORED)))


@erasure_log.repeats("delegate", Delegate, "created_at")
def erase_person_again(delegate: Delegate, _at: datetime) -> int:
    return people_in(erase_person(delegate, Reason.RESTORED))


@erasure_log.repeats("walk_in", Attendance, "noted_at")
def erase_walk_in_again(walk_in: Attendance, _at: datetime) -> int:
    return people_in(erase_walk_in(walk_in, Reason.RESTORED))


@retention.rule("delegate_links", _("expired links of delegates"))
def delete_links() -> int:
    count, _numbers = DelegateLink.objects.filter(expires_at__lt=timezone.now()).delete()
    return count
