"""To whom mails of delegations go; delegates' own addresses are seen by meetings officers alone."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from meetings.models import Meeting
from meetings.office.messages import receivers
from meetings.office.notices import tell_of_changes
from secretariat.back_office import groups
from sscnet.outbox.models import Message
from tests import make
from tests.meetings.desk import register, text_of
from tests.meetings.travellers import issued, travel_meeting

pytestmark = pytest.mark.django_db

OWN, OFFICE = "own.person@example.org", "office@example.org"
MAILS = reverse("admin:outbox_message_changelist")


@pytest.fixture
def mail():
    """A mail to a delegate, and one to the institution, both given up by the mail server."""
    from meetings import places
    from meetings.places.mails import confirm_registrations

    delegation = register(make.Meeting(capacity=9), to=OFFICE, email=OWN)
    places.withdraw(delegation)
    confirm_registrations()
    Message.objects.update(last_error=f"550 <{OWN}> unknown")
    return Message.objects.filter(to=OWN).first()


def pages(client, mail):
    form = reverse("admin:outbox_message_change", args=[mail.pk])
    return text_of(client.get(MAILS)), text_of(client.get(form))


def test_meetings_officers_see_to_whom_a_mail_went_and_editors_the_office_alone(client, mail):
    client.force_login(make.Officer(group=groups.OFFICER))
    for page in pages(client, mail):
        assert OWN in page

    client.force_login(make.Officer(group=groups.HELPER))
    listed, form = pages(client, mail)
    assert OFFICE in listed
    assert OWN not in listed + form
    assert "not shown" in form
    by_subject = client.get(MAILS, {"q": mail.subject.split()[0]})
    by_address = client.get(MAILS, {"q": OWN})
    assert len(by_subject.context["cl"].result_list) > 0
    assert len(by_address.context["cl"].result_list) == 0


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
    asked, _nobody = receivers(meeting, "all")

    told = Message.objects.about(delegation).values_list("kind", "to")
    assert {kind for kind, _to in told} == {"place-registered", "letter-ready", "meeting-moved"}
    assert {to for _kind, to in told} | {address for _delegation, address in asked} == {OFFICE}
