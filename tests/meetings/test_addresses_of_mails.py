"""To whom mails of delegations go."""

from datetime import timedelta

import pytest
from django.utils import timezone

from meetings.models import Meeting
from meetings.office.messages import receivers
from meetings.office.notices import tell_of_changes
from meetings.travel.mails import tell_of_documents
from sscnet.outbox.models import Message
from tests import make
from tests.meetings.desk import register
from tests.meetings.travellers import issued, travel_meeting

pytestmark = pytest.mark.django_db

OFFICE = "office@example.org"


def test_mails_of_a_delegation_go_to_those_who_may_act_today():
    from meetings.places.mails import confirm_registrations

    meeting, today = travel_meeting(capacity=9, travel_asks=[]), timezone.localdate()
    delegation = register(meeting, to=OFFICE)
    for values in (
        {"until": today},
        {"since": today + timedelta(days=1)},
        {"role": "viewer"},
        {"user__is_active": False},
    ):
        make.Affiliation(institution=delegation.institution, **values)
    # Who hands over reads on until the successor is there.
    leaving = delegation.institution.affiliations.get(user__email=OFFICE)
    make.Invitation(institution=delegation.institution, hands_over=leaving)

    confirm_registrations()
    Meeting.objects.filter(pk=meeting.pk).update(venue="Hall 2")
    tell_of_changes()
    issued(delegation.delegates.get())
    tell_of_documents()
    asked, _nobody = receivers(meeting, "all")

    told = Message.objects.about(delegation).values_list("kind", "to")
    assert {kind for kind, _to in told} == {"place-registered", "letter-ready", "meeting-moved"}
    assert {to for _kind, to in told} | {address for _delegation, address in asked} == {OFFICE}
