"""Mails before a registration is sent: that it opens, and that a draft is still a draft."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from members.models import Institution
from sscnet.outbox import due
from sscnet.outbox.wordings import register

from ..models import Delegation, Meeting
from ..places import mails

OPENS, DRAFT = "registration-opens", "draft-waits"
register(OPENS, *mails.WORDS, "closes_at")
register(DRAFT, *mails.WORDS, "closes_at")
# How long before the end a draft is reminded of; the later one first.
BEFORE_END = [timedelta(days=3), timedelta(days=14)]


@due.register
def tell_of_openings() -> None:
    """Tell the members of each registration that has opened, once."""
    meetings = Meeting.objects.open_for_registration().filter(
        tells_opening=True, opening_announced_at=None
    )
    for meeting in meetings:
        # An approval may have ended since.
        if meeting.reason_not_to_open():
            continue
        with transaction.atomic():
            tell_members(meeting)


def tell_members(meeting: Meeting) -> None:
    # A second process that was at it at the same moment finds it done.
    rows = Meeting.objects.filter(pk=meeting.pk, opening_announced_at=None)
    if not rows.update(opening_announced_at=timezone.now()):
        return
    begun = meeting.delegations.values("institution")
    for institution in Institution.objects.members().exclude(pk__in=begun).order_by("pk"):
        delegation = Delegation(meeting=meeting, institution=institution)
        key, closes_at = f"{meeting.pk}:{institution.pk}", meeting.registration_closes_at
        mails.write(delegation, OPENS, key, [], closes_at=closes_at)


@due.register
def remind_of_drafts() -> None:
    """Remind of drafts 14 and 3 days before registration ends, each time once."""
    for before in BEFORE_END:
        for delegation in drafts_to_remind_of(before):
            with transaction.atomic():
                remind(delegation, before)


def drafts_to_remind_of(before: timedelta):
    day = F("meeting__registration_closes_at") - before
    return Delegation.objects.filter(
        Q(draft_reminded_at=None) | Q(draft_reminded_at__lt=day),
        state=Delegation.State.DRAFT,
        meeting__in=Meeting.objects.open_for_registration(),
        meeting__registration_closes_at__lte=timezone.now() + before,
        # Who began after that day knows of it.
        created_at__lt=day,
    ).select_related("meeting", "institution")


def remind(delegation: Delegation, before: timedelta) -> None:
    Delegation.objects.filter(pk=delegation.pk).update(draft_reminded_at=timezone.now())
    closes_at = delegation.meeting.registration_closes_at
    key = f"{delegation.pk}:{before.days}:{closes_at - before:%Y-%m-%d}"
    mails.write(delegation, DRAFT, key, [], closes_at=closes_at)
