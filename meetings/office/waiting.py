"""Registrations that wait for an answer or a decision, as the admin lists them."""

from django.db.models import Q, QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from sscnet.admin import CaseFilter

from ..models import (
    TAKEN,
    Delegate,
    Delegation,
    Meeting,
    Offer,
    PlaceState,
    Reason,
    WorkshopPlace,
)


def still_to_come(meeting: str) -> Q:
    """Return the rows of meetings that are neither over nor cancelled.

    `meeting` is the lookup from a row to its meeting.
    """
    over = Meeting.objects.past().order_by()
    return Q(**{f"{meeting}__cancelled_at": None}) & ~Q(**{f"{meeting}__in": over})


OF_DELEGATION = "delegation__meeting"


def to_be_approved() -> QuerySet[Delegate]:
    waiting = Delegate.objects.filter(place=PlaceState.WAITING, reason=Reason.APPROVAL)
    return waiting.filter(still_to_come(OF_DELEGATION))


def to_be_named() -> QuerySet[Delegate]:
    unnamed = Delegate.objects.active().filter(to_be_named=True)
    return unnamed.filter(still_to_come(OF_DELEGATION))


def in_line() -> QuerySet[Delegate]:
    """Return the people in line at a meeting, or at a workshop of one where they have a place."""
    no_line = [Reason.APPROVAL, Reason.MEETING, Reason.CLOSED]
    waiting = Q(place=PlaceState.WAITING) & ~Q(reason__in=no_line)
    at_workshops = WorkshopPlace.objects.filter(waiting, delegate__place__in=TAKEN)
    found = Delegate.objects.filter(waiting | Q(pk__in=at_workshops.values("delegate")))
    return found.filter(still_to_come(OF_DELEGATION))


def unanswered(rows: QuerySet[Delegate]) -> QuerySet[Delegate]:
    return rows.filter(offers__answer=Offer.Answer.OPEN).distinct()


def without_slip(rows):
    """Keep the delegations that were to send a return slip and did not."""
    return rows.lacking_slip().filter(still_to_come("meeting"))


def waits_for_sending() -> Q:
    return Q(state=Delegation.State.DRAFT) & still_to_come("meeting")


class WaitsFilter(CaseFilter):
    title = _("waiting for")
    parameter_name = "waits"


def waiting_for(what):
    return format_lazy(_("Waiting for {what}"), what=what)


class DelegateWaitsFilter(WaitsFilter):
    cases = {
        "approval": (_("approval"), lambda rows: rows.filter(pk__in=to_be_approved())),
        "place": (_("a place"), lambda rows: rows.filter(pk__in=in_line())),
        "name": (_("a name"), lambda rows: rows.filter(pk__in=to_be_named())),
        "answer": (_("an answer to an offer"), unanswered),
    }


class DelegationWaitsFilter(WaitsFilter):
    cases = {
        "slip": (_("a return slip"), without_slip),
        "name": (_("a name"), lambda rows: rows.filter(delegates__in=to_be_named()).distinct()),
        "place": (_("a place"), lambda rows: rows.filter(delegates__in=in_line()).distinct()),
        "sending": (_("being sent"), lambda rows: rows.filter(waits_for_sending())),
    }
