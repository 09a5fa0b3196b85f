"""The meetings to come, as cards for officers: days left, places, and where to go on."""

from collections.abc import Iterator
from datetime import date, datetime
from operator import itemgetter

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from sscnet.core.models import State

from ..models import Meeting
from .check_in import arrivals
from .pages import desk_address

SHOWN = 2
DAYS = [
    *("registration_opens_at", "registration_closes_at", "name_by_on", "freeze_on"),
    *("waiting_list_ends_at", "slip_due_on", "starts_on", "ends_on", "retain_until"),
]


def cards(user) -> list[dict]:
    """Return our next meetings, prepared or held, for those who may see them."""
    if not user.has_perm("meetings.view_meeting"):
        return []
    meetings = Meeting.objects.own().coming().filter(cancelled_at=None)
    coming = meetings.exclude(state=State.WITHDRAWN)[:SHOWN]
    return [
        {"meeting": one, "days": days_ahead(one), "step": next(steps(one, user))} for one in coming
    ]


def days_ahead(meeting: Meeting) -> list[dict]:
    """Return the days of the meeting that are still to come, the next one first."""
    today = timezone.localdate(timezone=meeting.zone)
    days = [(name, day_of(getattr(meeting, name), meeting)) for name in DAYS]
    ahead = [
        {"label": capfirst(label), "on": day, "left": (day - today).days}
        for name, day in days
        for label in [meeting._meta.get_field(name).verbose_name]
        if day and day >= today
    ]
    return sorted(ahead, key=itemgetter("on"))


def day_of(value: date | datetime | None, meeting: Meeting) -> date | None:
    return timezone.localdate(value, meeting.zone) if isinstance(value, datetime) else value


# ------------------------------------------------------------------ what to do next


def steps(meeting: Meeting, user) -> Iterator[dict]:
    """Give what this person can do for the meeting now, the most urgent first."""
    may = user.has_perm
    form = reverse("admin:meetings_meeting_change", args=[meeting.pk])
    if may("meetings.change_meeting"):
        if may("meetings.publish_meeting") and meeting.reason_not_to_open():
            page = desk_address(meeting, "desk_approval")
            yield {"label": _("Get the approval of the meeting"), "address": page}
        if not meeting.is_published:
            yield {"label": _("Complete and publish"), "address": form}
        if meeting.registration_stage == "planned":
            yield {"label": _("Set the days of registration"), "address": form}
    if meeting.takes_registrations and may("meetings.view_delegate"):
        yield {"label": _("Open the desk"), "address": desk_address(meeting)}
    yield {"label": _("Open the meeting"), "address": form}


def check_ins_of_today(user) -> list[Meeting]:
    """Return the meetings of today, for those who note who comes."""
    may_note = user.has_perms(["meetings.view_meeting", arrivals.MAY_NOTE])
    return list(arrivals.held_now()) if may_note else []
