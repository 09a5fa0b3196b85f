"""A made-up meeting with open registration, to try a delegation with.

Its workshop *Small hydropower* has two places left, an institution may have five places, and a demo
focal point acts for an institution that has not registered yet.
"""

from datetime import datetime, time, timedelta

import pgtrigger
from django.db import transaction
from django.utils import timezone

from meetings import places
from meetings.models import (
    Delegate,
    Delegation,
    Meeting,
    PlaceEvent,
    ReturnSlip,
    WorkshopPlace,
)
from members.models import Institution
from sscnet.core.models import State

from ..demo import let_focal_point_act_for
from .records import mark, read_sample, remove_mails_about, sample_institutions

SLUG = "sample-annual-meeting"
# Of the first institutions; the next one is the demo focal point's, and sends nobody yet.
SIZES = [5, 5, 5, 5, 5, 3]
OPENS, CLOSES = -1, 40
DAYS = {"starts_on": 60, "ends_on": 62, "name_by_on": 50, "freeze_on": 53, "retain_until": 240}


@transaction.atomic
def make_sample_meeting() -> Meeting:
    """Return the sample meeting, and make it where it is missing.

    No history is written of what nobody did, so that all of it can be taken away again.
    """
    with pgtrigger.ignore():
        institutions = sample_institutions()
        meeting = Meeting.objects.filter(is_sample=True, slug=SLUG).first()
        if meeting is None:
            meeting = make_meeting()
            delegations = [
                enter(institution, meeting, size)
                for institution, size in zip(institutions, SIZES, strict=False)
            ]
            for delegation in delegations:
                places.submit(delegation)
        let_focal_point_act_for(institutions[len(SIZES)])
    meeting.refresh_from_db()
    return meeting


def at(day: int, hour: int = 0) -> datetime:
    """Return an hour of the day that many days from today, in Beijing time."""
    return timezone.make_aware(datetime.combine(on(day), time(hour)))


def on(day: int):
    return timezone.localdate() + timedelta(days=day)


def days() -> dict:
    moments = {
        "registration_opens_at": at(OPENS, 9),
        "registration_closes_at": at(CLOSES, 18),
        "waiting_list_ends_at": at(DAYS["freeze_on"], 18),
    }
    return {name: on(day) for name, day in DAYS.items()} | moments


def make_meeting() -> Meeting:
    sample = read_sample()
    meeting = Meeting.objects.create(
        slug=SLUG,
        is_sample=True,
        state=State.PUBLISHED,
        published_at=timezone.now(),
        travel_asks=list(Meeting.AskedOfTravellers),
        **sample["meeting"],
        **days(),
    )
    mark(meeting)
    for row in sample["workshops"]:
        day, begins, ends = (row.pop(name) for name in ("day", "begins", "ends"))
        meeting.workshops.create(starts_at=at(day, begins), ends_at=at(day, ends), **row)
    for row in sample["agenda"]:
        hours = {name: time(row[name]) for name in ("begins", "ends")}
        meeting.agenda_items.create(**row | hours | {"day": on(row["day"])})
    return meeting


def enter(institution: Institution, meeting: Meeting, size: int) -> Delegation:
    """Draft a delegation whose people all wish for the first workshop."""
    delegation = Delegation.objects.create(meeting=meeting, institution=institution)
    for n in range(size):
        delegate = Delegate.objects.create(
            delegation=delegation,
            position=n,
            family_name=f"Person {n + 1}",
            given_names="Sample",
            chinese_name=f"示例{n + 1}",
            may_be_listed=n == 0,
        )
        wished = meeting.workshops.order_by("pk")[0]
        WorkshopPlace.objects.create(delegate=delegate, workshop=wished)
    return delegation


# ------------------------------------------------------------------ removing


def remove_delegations() -> None:
    """Remove what keeps sample meetings from going: delegations, their log, mails about them."""
    meetings = Meeting.objects.filter(is_sample=True)
    with pgtrigger.ignore("meetings.PlaceEvent:append_only"):
        PlaceEvent.objects.filter(meeting__in=meetings).delete()
    delegations = Delegation.objects.filter(meeting__is_sample=True)
    remove_mails_about(delegations)
    ReturnSlip.objects.filter(delegation__in=delegations).forget()
    delegations.delete()
