"""What changes for a whole meeting: capacity, quotas, and what falls due by itself."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from sscnet.core.i18n.texts import in_a_row

from ..models import (
    Delegate,
    Delegation,
    InstitutionQuota,
    Meeting,
    Offer,
    PlaceState,
    Reason,
    Workshop,
)
from .allocation import Book, Kind
from .errors import BelowTaken
from .persistence import operate

# When to remind: a week before names are due, a day before an offer lapses.
BEFORE_NAME_BY = timedelta(days=7)
BEFORE_ANSWER_BY = timedelta(hours=24)


def set_capacity(
    holder: Meeting | Workshop, capacity: int, *, actor=None, now: datetime | None = None
) -> None:
    """Change the number of places of a meeting or workshop; new ones go to the line at once.

    A capacity below what is taken is refused: no place given is ever taken away, and a number that
    does not hold would leave nothing to hold on to. To shrink further, end the waiting list first,
    so that nobody is moved up, and lower it as people withdraw. Raises BelowTaken, Busy.
    """
    is_meeting = isinstance(holder, Meeting)

    def work(book: Book) -> None:
        line = None if is_meeting else holder.pk
        found = book.holder(line)
        if capacity < found.taken:
            text = ngettext_lazy(
                "%(taken)d place is taken; it cannot be fewer.",
                "%(taken)d places are taken; it cannot be fewer.",
                found.taken,
            )
            raise BelowTaken(text % {"taken": found.taken})
        if capacity != found.capacity:
            found.capacity = capacity
            found.save(update_fields=["capacity"])
            book.note(Kind.CAPACITY, workshop_id=line, count=capacity)
            book.freed.add(line)

    operate(holder.pk if is_meeting else holder.meeting_id, work, actor=actor, now=now)


def set_quota(
    meeting: Meeting,
    quota: int | None,
    *,
    institution=None,
    actor=None,
    now: datetime | None = None,
) -> None:
    """Change the places an institution may have, for all or for one; who waits moves up at once.

    None for all is no limit; None for one ends its exception. A quota below what an institution
    holds is refused, as no place is taken away: make an exception for that institution first.
    Raises BelowTaken, Busy.
    """

    def work(book: Book) -> None:
        if institution is None:
            book.meeting.quota = quota
        elif quota is None:
            book.quotas.pop(institution.pk, None)
        else:
            book.quotas[institution.pk] = quota
        check_quotas(book)
        if institution is None:
            book.meeting.save(update_fields=["quota"])
        else:
            save_exception(book.meeting, institution, quota)
        book.note(Kind.QUOTA, institution_id=institution and institution.pk, count=quota)
        book.reconsidered.add(None)

    operate(meeting.pk, work, actor=actor, now=now)


def save_exception(meeting: Meeting, institution, quota: int | None) -> None:
    if quota is None:
        InstitutionQuota.objects.filter(meeting=meeting, institution=institution).delete()
        return
    InstitutionQuota.objects.update_or_create(
        meeting=meeting, institution=institution, defaults={"quota": quota}
    )


def check_quotas(book: Book) -> None:
    delegations = Delegation.objects.filter(pk__in=book.held_before).select_related("institution")
    over = [
        str(delegation.institution)
        for delegation in delegations
        if (most := book.quota(delegation)) is not None and book.held(delegation) > most
    ]
    if over:
        text = _("Some hold more places than that: %(institutions)s. No place is taken away.")
        raise BelowTaken(text % {"institutions": in_a_row(over)})


# ------------------------------------------------------------------ what falls due


def offer_next(meeting: Meeting, *, actor=None, now: datetime | None = None) -> None:
    """Give or offer what is free to the first in each line whose rule fits.

    Every operation ends with this; by itself it is for what happens without one, such as a waiting
    list that goes on longer than planned. Raises Busy.
    """
    operate(meeting.pk, reconsider, actor=actor, now=now)


def release_unnamed(meeting: Meeting, *, actor=None, now: datetime | None = None) -> None:
    """Release the places still without a name after the meeting's name-by day. Raises Busy."""
    operate(meeting.pk, release, actor=actor, now=now)


def tend(meeting: Meeting, *, now: datetime | None = None) -> None:
    """Do all that is due at a meeting: lapse offers, release, remind, move up; each exactly once.

    Whoever comes second waits for the lock and finds it done. Raises Busy.
    """

    def work(book: Book) -> None:
        lapse(book)
        release(book)
        remind_of_names(book)
        remind_of_offers(book)
        reconsider(book)

    operate(meeting.pk, work, now=now)


def reconsider(book: Book) -> None:
    book.reconsidered |= {None, *book.workshops}


def lapse(book: Book) -> None:
    """Pass on what was offered and not answered in time."""
    late = Offer.objects.open().filter(
        delegate__delegation__meeting=book.meeting, answer_by__lte=book.now
    )
    for offer in late.select_related("delegate").order_by("delegate_id", "pk"):
        open_once(book, offer.delegate.delegation_id)
        row = book.delegates[offer.delegate_id]
        if offer.workshop_id:
            places = book.places_of(row)
            row = next(place for place in places if place.workshop_id == offer.workshop_id)
        if row.place == PlaceState.OFFERED:
            book.end(row, Kind.LAPSED, PlaceState.DECLINED, Reason.UNANSWERED)
            book.ended_offers[offer.delegate_id, offer.workshop_id] = Offer.Answer.LAPSED


def release(book: Book) -> None:
    due = book.meeting.name_by_on
    if due is None or today_at(book) <= due:
        return
    for delegate in unnamed(book):
        open_once(book, delegate.delegation_id)
        row = book.delegates[delegate.pk]
        if row.is_active:
            book.end(row, Kind.RELEASED, PlaceState.WITHDRAWN, Reason.UNNAMED)


def remind_of_names(book: Book) -> None:
    due = book.meeting.name_by_on
    if due is None or not due - BEFORE_NAME_BY <= today_at(book) <= due:
        return
    late = Delegation.objects.filter(
        pk__in=unnamed(book).values("delegation"), names_reminded_at=None
    )
    for delegation in late.select_related("institution").order_by("pk"):
        book.delegations.setdefault(delegation.pk, delegation)
        book.missing_names.add(delegation.pk)
    late.update(names_reminded_at=book.now)


def remind_of_offers(book: Book) -> None:
    soon = Offer.objects.open().filter(
        delegate__delegation__meeting=book.meeting,
        answer_by__gt=book.now,
        answer_by__lte=book.now + BEFORE_ANSWER_BY,
        # Told of it long enough ago to have forgotten.
        made_at__lt=book.now - BEFORE_ANSWER_BY,
        reminded_at=None,
    )
    for offer in soon.select_related("delegate__delegation__institution"):
        delegation = offer.delegate.delegation
        book.delegations.setdefault(delegation.pk, delegation)
        first = book.open_offers.get(delegation.pk, offer.answer_by)
        book.open_offers[delegation.pk] = min(first, offer.answer_by)
        Offer.objects.filter(pk=offer.pk).update(reminded_at=book.now)


def unnamed(book: Book):
    waiting = Delegate.objects.active().filter(delegation__meeting=book.meeting, to_be_named=True)
    return waiting.order_by("pk")


def open_once(book: Book, delegation_id: int) -> None:
    if delegation_id not in book.opened:
        book.open_delegation(delegation_id)


def today_at(book: Book):
    return timezone.localdate(book.now, book.meeting.zone)
