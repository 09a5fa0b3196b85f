"""A made-up meeting with open registration, to try a delegation with.

Its workshop *Small hydropower* has two places left, an institution may have five places, and a demo
focal point acts for an institution that has not registered yet.
"""

from datetime import datetime, time, timedelta

import pgtrigger
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from meetings import places
from meetings.models import (
    Delegate,
    Delegation,
    Meeting,
    PlaceEvent,
    WorkshopPlace,
)
from members.models import Affiliation, Institution, User
from sscnet.core.database.triggers import tracked_models
from sscnet.core.models import State
from sscnet.outbox.models import Message

from ..demo import SAMPLE_FOCAL_POINT, make_user
from .records import mark, read_sample, sample_institutions

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
        if settings.DEBUG:
            act_for(institutions[len(SIZES)])
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


def act_for(institution: Institution) -> None:
    user = make_user(SAMPLE_FOCAL_POINT)
    user.affiliations.get_or_create(
        institution=institution,
        role=Affiliation.Role.FOCAL_POINT,
        defaults={"since": timezone.localdate()},
    )


# ------------------------------------------------------------------ removing


def remove_delegations() -> None:
    """Remove what keeps sample meetings from going: delegations, their log, and mails about them.

    The demo focal point goes too, with the history of the account.
    """
    meetings = Meeting.objects.filter(is_sample=True)
    with pgtrigger.ignore("meetings.PlaceEvent:append_only"):
        PlaceEvent.objects.filter(meeting__in=meetings).delete()
    delegations = Delegation.objects.filter(meeting__is_sample=True)
    for model, rows in (
        (Delegation, delegations),
        (Meeting, meetings),
    ):
        kind = ContentType.objects.get_for_model(model)
        keys = [str(key) for key in rows.values_list("pk", flat=True)]
        Message.objects.filter(content_type=kind, object_id__in=keys).delete()
    for delegation in delegations.exclude(nomination_letter=""):
        delegation.nomination_letter.delete(save=False)
    delegations.delete()
    with pgtrigger.ignore():
        users = User.objects.filter(email=SAMPLE_FOCAL_POINT.email)
        keys = list(users.values_list("pk", flat=True))
        users.delete()
    tracked_models()[User].objects.filter(pgh_obj_id__in=keys).delete()
    tracked_models()[Affiliation].objects.filter(user_id__in=keys).delete()
