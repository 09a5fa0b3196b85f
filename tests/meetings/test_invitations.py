"""Mails that registration opens, and that a draft is not sent."""

from datetime import timedelta

import pytest
from django.utils import timezone

from meetings.models import Delegation, Meeting
from meetings.registration.invitations import remind_of_drafts, tell_of_openings
from sscnet.outbox.models import Message
from tests import make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def acting(address, **values):
    institution = make.Institution(**values)
    make.Affiliation(institution=institution, user__email=address)
    return institution


def member(address):
    institution = acting(address)
    make.Membership(institution=institution)
    return institution


def told():
    return [(mail.kind, mail.to) for mail in Message.objects.order_by("pk")]


def opened(**values):
    now = timezone.now()
    moments = {"registration_opens_at": now - DAY, "registration_closes_at": now + 20 * DAY}
    return make.Meeting(**moments | values)


def test_members_are_told_once_that_registration_opens_where_the_meeting_says_so():
    member("a@example.org"), acting("partner@example.org")
    begun = member("begun@example.org")
    meeting = opened(tells_opening=True)
    opened()
    opened(tells_opening=True, registration_opens_at=timezone.now() + DAY)
    make.Delegation(meeting=meeting, institution=begun)

    tell_of_openings()
    tell_of_openings()

    assert told() == [("registration-opens", "a@example.org")]
    assert meeting.get_absolute_url() in Message.objects.get().text


@pytest.mark.parametrize(
    ("days_left", "begun_before", "mails"), [(15, 20, 0), (13, 20, 1), (13, 13, 0), (2, 20, 1)]
)
def test_a_draft_is_reminded_of(days_left, begun_before, mails):
    now = timezone.now()
    institution = acting("a@example.org")
    make.Delegation(
        meeting=opened(registration_closes_at=now + days_left * DAY), institution=institution
    )
    Delegation.objects.update(created_at=now + (days_left - begun_before) * DAY - DAY / 2)
    if begun_before == days_left:
        Delegation.objects.update(created_at=now)

    remind_of_drafts()
    remind_of_drafts()

    assert told() == [("draft-waits", "a@example.org")] * mails


def test_it_is_reminded_of_again_shortly_before_the_end():
    institution, now = acting("a@example.org"), timezone.now()
    make.Delegation(meeting=opened(registration_closes_at=now + 13 * DAY), institution=institution)
    Delegation.objects.update(created_at=now - 30 * DAY)
    remind_of_drafts()

    # Eleven days later.
    Delegation.objects.update(draft_reminded_at=now - 11 * DAY)
    Meeting.objects.update(registration_closes_at=now + 2 * DAY)
    remind_of_drafts()
    remind_of_drafts()

    assert told() == [("draft-waits", "a@example.org")] * 2
