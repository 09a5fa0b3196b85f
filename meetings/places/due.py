"""What falls due at meetings by itself; `run_due` asks every minute, wherever and however often."""

import logging
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from sscnet.outbox.due import register

from ..models import Delegate, Delegation, Meeting, Offer, PlaceState, Reason
from . import mails
from .allocation import Allocation, Kind
from .errors import Busy
from .persistence import operation

logger = logging.getLogger(__name__)

# When to remind: a week before names are due, a day before an offer lapses.
BEFORE_NAME_BY = timedelta(days=7)
BEFORE_ANSWER_BY = timedelta(hours=24)

register(mails.confirm_registrations)


@register
def tend_meetings() -> None:
    """Tend each meeting that is not over or has open offers, in a transaction of its own."""
    over = Meeting.objects.past().order_by()
    offering = Offer.objects.open().values("delegate__delegation__meeting")
    meetings = Meeting.objects.filter(~Q(pk__in=over) | Q(pk__in=offering))
    for meeting in meetings.filter(capacity__isnull=False).order_by("pk"):
        try:
            tend(meeting)
        except Busy:
            logger.info("meeting %s is busy; the next minute will do", meeting.pk)


@operation
def tend(allocation: Allocation, meeting: Meeting) -> None:
    """Do all that is due at a meeting: lapse offers, release, remind, move up; each exactly once.

    A second call at the same moment waits for the lock and finds it done. Raise Busy.
    """
    lapse(allocation)
    release(allocation)
    remind_of_names(allocation)
    remind_of_offers(allocation)
    allocation.reconsider_all()


def lapse(allocation: Allocation) -> None:
    """Pass on what was offered and not answered in time."""
    late = open_offers(allocation).filter(answer_by__lte=allocation.now)
    for offer in late.order_by("delegate_id", "pk"):
        (row,) = allocation.open(offer)
        if row.place == PlaceState.OFFERED:
            allocation.end(row, Kind.LAPSED, PlaceState.DECLINED, Reason.UNANSWERED)
            key = offer.delegate_id, offer.workshop_id
            allocation.changes.ended_offers[key] = Offer.Answer.LAPSED


def release(allocation: Allocation) -> None:
    """Release the places still without a name after the meeting's name-by day."""
    due = allocation.meeting.name_by_on
    if due is None or today_at(allocation) <= due:
        return
    for delegate in unnamed(allocation).select_related("delegation"):
        (row,) = allocation.open(delegate)
        if row.is_active:
            allocation.end(row, Kind.RELEASED, PlaceState.WITHDRAWN, Reason.UNNAMED)


def remind_of_names(allocation: Allocation) -> None:
    due = allocation.meeting.name_by_on
    if due is None or not due - BEFORE_NAME_BY <= today_at(allocation) <= due:
        return
    late = Delegation.objects.filter(
        pk__in=unnamed(allocation).values("delegation"), names_reminded_at=None
    )
    for delegation in late.select_related("institution").order_by("pk"):
        delegation.meeting = allocation.meeting
        allocation.change(delegation, names_reminded_at=allocation.now)
        allocation.changes.reminders.append(delegation)


def remind_of_offers(allocation: Allocation) -> None:
    soon = open_offers(allocation).filter(
        answer_by__gt=allocation.now,
        answer_by__lte=allocation.now + BEFORE_ANSWER_BY,
        # Mailed long enough ago to have been forgotten.
        made_at__lt=allocation.now - BEFORE_ANSWER_BY,
        reminded_at=None,
    )
    for offer in soon.select_related("delegate__delegation__institution"):
        offer.delegate.delegation.meeting = allocation.meeting
        allocation.change(offer, reminded_at=allocation.now)
        allocation.changes.reminders.append(offer)


def open_offers(allocation: Allocation) -> QuerySet[Offer]:
    offers = Offer.objects.open().filter(delegate__delegation__meeting=allocation.meeting)
    return offers.select_related("delegate__delegation")


def unnamed(allocation: Allocation) -> QuerySet[Delegate]:
    people = Delegate.objects.active().filter(delegation__meeting=allocation.meeting)
    return people.filter(to_be_named=True).order_by("pk")


def today_at(allocation: Allocation) -> date:
    return timezone.localdate(allocation.now, allocation.meeting.zone)
