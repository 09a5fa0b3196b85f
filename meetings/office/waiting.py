"""Registrations that wait for an answer or a decision, as the admin lists them."""

from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sscnet.admin import CaseFilter

from ..models import (
    ACTIVE,
    TAKEN,
    Delegate,
    Delegation,
    Meeting,
    Offer,
    PlaceState,
    Reason,
    Workshop,
    WorkshopPlace,
)


def still_to_come(meeting: str) -> Q:
    """Return the rows of meetings that are neither over nor cancelled.

    `meeting` is the lookup from a row to its meeting.
    """
    over = Meeting.objects.past().order_by()
    return Q(**{f"{meeting}__cancelled_at": None}) & ~Q(**{f"{meeting}__in": over})


def waits_for_approval() -> Q:
    waits = Q(place=PlaceState.WAITING, reason=Reason.APPROVAL)
    return waits & still_to_come("delegation__meeting")


def waits_for_a_name() -> Q:
    return Q(place__in=ACTIVE, to_be_named=True) & still_to_come("delegation__meeting")


def waits_for_a_letter() -> Q:
    """Return the delegations that were to send a nomination letter and did not."""
    sent = Q(state=Delegation.State.SUBMITTED, nomination_letter="")
    return sent & Q(meeting__asks_for_letter=True) & still_to_come("meeting")


def waits_for_sending() -> Q:
    return Q(state=Delegation.State.DRAFT) & still_to_come("meeting")


def waits_for_a_place() -> Q:
    """Return the people in line at a meeting, or at a workshop of one where they have a place."""
    no_line = [Reason.APPROVAL, Reason.MEETING, Reason.CLOSED]
    waiting = Q(place=PlaceState.WAITING) & ~Q(reason__in=no_line)
    at_workshops = WorkshopPlace.objects.filter(waiting, delegate__place__in=TAKEN)
    in_line = waiting | Q(pk__in=at_workshops.values("delegate"))
    return in_line & still_to_come("delegation__meeting")


def to_be_approved():
    return Delegate.objects.filter(waits_for_approval())


def in_line():
    return Delegate.objects.filter(waits_for_a_place())


def to_be_named():
    return Delegate.objects.filter(waits_for_a_name())


def unanswered():
    return Delegate.objects.filter(offers__answer=Offer.Answer.OPEN)


class WaitsFilter(CaseFilter):
    title = _("waiting for")
    parameter_name = "waits"


class DelegateWaitsFilter(WaitsFilter):
    cases = {
        "approval": (_("approval"), lambda rows: rows.filter(waits_for_approval())),
        "place": (_("a place"), lambda rows: rows.filter(waits_for_a_place())),
        "name": (_("a name"), lambda rows: rows.filter(waits_for_a_name())),
        "answer": (_("an answer to an offer"), lambda rows: rows.filter(pk__in=unanswered())),
    }


class DelegationWaitsFilter(WaitsFilter):
    cases = {
        "letter": (_("a nomination letter"), lambda rows: rows.filter(waits_for_a_letter())),
        "sending": (_("being sent"), lambda rows: rows.filter(waits_for_sending())),
    }


class WorkshopFilter(admin.SimpleListFilter):
    """Who has which place at which workshop, once the list is that of one meeting."""

    title = _("workshop")
    parameter_name = "workshop"

    def lookups(self, request, model_admin):
        meeting = request.GET.get("delegation__meeting__id__exact", "")
        if not meeting.isdecimal() or len(meeting) > 18:
            return []
        workshops = Workshop.objects.filter(meeting=meeting)
        return [
            (f"{workshop.pk}:{state}", f"{workshop}: {state.label}")
            for workshop in workshops
            for state in PlaceState
            if state
        ]

    def queryset(self, request, queryset):
        known = dict(self.lookup_choices)
        if self.value() not in known:
            return queryset
        workshop, _colon, state = self.value().partition(":")
        places = WorkshopPlace.objects.filter(workshop=workshop, place=state)
        return queryset.filter(pk__in=places.values("delegate"))
