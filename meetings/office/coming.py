"""The meetings to come, as cards for officers: days left, places, and where to go on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from sscnet.core.models import State

from ..models import Meeting
from .check_in import arrivals

SHOWN = 2
DAYS = [
    *("registration_opens_at", "registration_closes_at", "name_by_on", "freeze_on"),
    *("waiting_list_ends_at", "starts_on", "ends_on", "retain_until"),
]


@dataclass(frozen=True)
class DayAhead:
    label: str
    on: date
    left: int


@dataclass(frozen=True)
class NextStep:
    label: Any
    address: str


@dataclass(frozen=True)
class MeetingCard:
    meeting: Meeting
    days: list[DayAhead]
    step: NextStep


def cards(user) -> list[MeetingCard]:
    """Return our next meetings, prepared or held, for those who may see them."""
    if not user.has_perm("meetings.view_meeting"):
        return []
    meetings = Meeting.objects.own().coming().filter(cancelled_at=None)
    coming = meetings.exclude(state=State.WITHDRAWN)[:SHOWN]
    return [MeetingCard(one, days_ahead(one), next(steps(one, user))) for one in coming]


def days_ahead(meeting: Meeting) -> list[DayAhead]:
    """Return the days of the meeting that are still to come, the next one first."""
    today = timezone.localdate(timezone=meeting.zone)
    days = [(name, day_of(getattr(meeting, name), meeting)) for name in DAYS]
    ahead = [
        DayAhead(capfirst(meeting._meta.get_field(name).verbose_name), day, (day - today).days)
        for name, day in days
        if day and day >= today
    ]
    return sorted(ahead, key=lambda one: one.on)


def day_of(value: date | datetime | None, meeting: Meeting) -> date | None:
    return timezone.localdate(value, meeting.zone) if isinstance(value, datetime) else value


# ------------------------------------------------------------------ what to do next


def steps(meeting: Meeting, user) -> Iterator[NextStep]:
    """Give what this person can do for the meeting now, the most urgent first."""
    may = user.has_perm
    form = reverse("admin:meetings_meeting_change", args=[meeting.pk])
    if may("meetings.change_meeting"):
        if may("meetings.publish_meeting") and meeting.reason_not_to_open():
            yield NextStep(_("Get the approval of the meeting"), desk(meeting, "desk_approval"))
        if not meeting.is_published:
            yield NextStep(_("Complete and publish"), form)
        if meeting.registration_stage == "planned":
            yield NextStep(_("Set the days of registration"), form)
    if meeting.takes_registrations and may("meetings.view_delegate"):
        yield NextStep(_("Open the desk"), desk(meeting, "desk"))
    yield NextStep(_("Open the meeting"), form)


def desk(meeting: Meeting, page: str) -> str:
    return reverse(f"admin:meetings_meeting_{page}", args=[meeting.pk])


def check_ins_of_today(user) -> list[Meeting]:
    """Return the meetings of today, for those who note who comes."""
    may_note = user.has_perms(["meetings.view_meeting", arrivals.MAY_NOTE])
    return list(arrivals.held_now()) if may_note else []
