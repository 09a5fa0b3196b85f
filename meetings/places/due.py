"""What falls due at meetings by itself; `run_due` asks every minute, wherever and however often."""

import logging
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from sscnet.outbox.due import register

from .. import mails
from ..models import Delegate, Meeting, Offer, WorkshopPlace
from .errors import Busy
from .meetings import BEFORE_ANSWER_BY, BEFORE_NAME_BY, tend

logger = logging.getLogger(__name__)

register(mails.confirm_registrations)


@register
def tend_meetings() -> None:
    """Tend each meeting at which something is due, in a transaction of its own."""
    for meeting in meetings_with_something_due(timezone.now()):
        try:
            tend(meeting)
        except Busy:
            logger.info("meeting %s is busy; the next minute will do", meeting.pk)


def meetings_with_something_due(now: datetime) -> QuerySet[Meeting]:
    """Keep the meetings worth locking. This may say too much, and `tend` looks again."""
    of_meeting = {"delegation__meeting": OuterRef("pk")}
    offers = Offer.objects.open().filter(delegate__delegation__meeting=OuterRef("pk"))
    unnamed = Delegate.objects.active().filter(to_be_named=True, **of_meeting)
    workshops = WorkshopPlace.objects.waiting().filter(
        workshop__meeting=OuterRef("pk"),
        workshop__taken__lt=F("workshop__capacity"),
        delegate__place="confirmed",
    )
    has_free = Q(taken__lt=F("capacity")) & Exists(Delegate.objects.waiting().filter(**of_meeting))
    is_moving = Q(waiting_list_ends_at=None) | Q(waiting_list_ends_at__gt=now)
    return Meeting.objects.filter(
        Exists(offers.filter(answer_by__lte=now + BEFORE_ANSWER_BY))
        | Q(Exists(unnamed), name_by_on__lte=(now + BEFORE_NAME_BY).date())
        | (is_moving & (has_free | Q(Exists(workshops)))),
        capacity__isnull=False,
    ).order_by("pk")
