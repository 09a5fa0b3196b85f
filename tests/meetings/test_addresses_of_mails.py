"""Delegates' own addresses are seen by meetings officers alone, in the list of all mails too."""

import pytest
from django.urls import reverse

from secretariat import groups
from sscnet.outbox.models import Message
from tests.factories import MeetingFactory
from tests.meetings.desk import register, text_of
from tests.secretariat.test_groups import member_of

pytestmark = pytest.mark.django_db

OWN, OFFICE = "own.person@example.org", "office@example.org"
MAILS = reverse("admin:outbox_message_changelist")


@pytest.fixture
def mail():
    """A mail to a delegate, and one to the institution, both given up by the mail server."""
    from meetings import places
    from meetings.places.mails import confirm_registrations

    delegation = register(MeetingFactory(capacity=9), to=OFFICE, email=OWN)
    places.withdraw(delegation)
    confirm_registrations()
    Message.objects.update(last_error=f"550 <{OWN}> unknown")
    return Message.objects.filter(to=OWN).first()


def pages(client, mail):
    form = reverse("admin:outbox_message_change", args=[mail.pk])
    return text_of(client.get(MAILS)), text_of(client.get(form))


def test_a_meetings_officer_sees_to_whom_a_mail_went(client, mail):
    client.force_login(member_of(groups.MEETINGS_OFFICERS))

    for page in pages(client, mail):
        assert OWN in page


def test_an_editor_sees_the_office_but_not_the_delegate(client, mail):
    client.force_login(member_of(groups.EDITORS))

    listed, form = pages(client, mail)

    assert OFFICE in listed
    assert OWN not in listed + form
    assert "not shown" in form


def test_an_editor_does_not_find_a_mail_by_its_hidden_address(client, mail):
    client.force_login(member_of(groups.EDITORS))
    by_subject = client.get(MAILS, {"q": mail.subject.split()[0]})

    by_address = client.get(MAILS, {"q": OWN})

    assert len(by_subject.context["cl"].result_list) > 0
    assert len(by_address.context["cl"].result_list) == 0
