"""The thread of mails on /my/, changes asked for there, and what pages of registration say."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from meetings.models import ChangeRequest
from meetings.places.mails import confirm_registrations
from members.mails import write_to_institution
from sscnet.outbox.models import Message
from tests import make

from .desk import register, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    today = timezone.localdate()
    days = {"starts_on": today + timedelta(days=60), "ends_on": today + timedelta(days=61)}
    return make.Meeting(title="Annual meeting", **days)


@pytest.fixture
def delegation(meeting, client):
    workshop = make.Workshop(meeting=meeting, title="Hydropower", capacity=1)
    delegation = register(
        meeting, to="focal@example.org", people=3, email="p@example.org", workshops=[workshop]
    )
    confirm_registrations()
    client.force_login(delegation.institution.affiliations.get().user)
    return delegation


def my(delegation, view="my_institution", *more):
    return reverse(f"secretariat:{view}", args=[delegation.institution.slug, *more])


def own(delegation, view="delegation", *more):
    slugs = [delegation.meeting.slug, delegation.institution.slug]
    return reverse(f"meetings:{view}", args=[*slugs, *more])


def test_a_mail_to_several_stands_there_once_as_the_readers_own(client, delegation):
    institution = delegation.institution
    focal_point = institution.affiliations.get().user
    deputy = make.Affiliation(institution=institution, role="deputy").user
    with transaction.atomic():
        words = {"institution": "us", "person": "Somebody"}
        write_to_institution("profile-proposed", institution, "1", words=words)
    mails = {user: Message.objects.get(kind="profile-proposed", to=user.email)
             for user in (focal_point, deputy)}  # fmt: skip
    for user, other in ((focal_point, deputy), (deputy, focal_point)):
        client.force_login(user)
        for address in (my(delegation), my(delegation, "my_mails")):
            page = text_of(client.get(address))
            assert my(delegation, "my_mail", mails[user].pk) in page
            assert my(delegation, "my_mail", mails[other].pk) not in page
    assert client.get(my(delegation, "my_mail", mails[focal_point].pk)).status_code == 200


def test_all_that_was_sent_stands_in_one_thread_and_can_be_read(client, delegation):
    to_us, to_delegate = (
        Message.objects.get(to="focal@example.org"),
        Message.objects.get(to="p@example.org"),
    )
    elsewhere = register(delegation.meeting, to="other@example.org")
    confirm_registrations()

    for address in (my(delegation), my(delegation, "my_mails")):
        page = text_of(client.get(address))
        for mail in (to_us, to_delegate):
            assert my(delegation, "my_mail", mail.pk) in page
            assert mail.to in page
        assert "other@example.org" not in page
    assert "We have received the registration" in text_of(
        client.get(my(delegation, "my_mail", to_us.pk))
    )
    hidden = text_of(client.get(my(delegation, "my_mail", to_delegate.pk)))
    assert ("/person/" in hidden, "The text is not shown" in hidden) == (False, True)
    others = Message.objects.get(to="other@example.org")
    assert client.get(my(delegation, "my_mail", others.pk)).status_code == 404
    assert client.get(my(elsewhere, "my_mail", others.pk)).status_code == 404


def test_own_pages_say_who_is_signed_in_who_waits_and_what_is_asked_for(client, delegation):
    page = text_of(client.get(my(delegation)))
    assert "3 confirmed, 0 waiting; 2 of those confirmed are waiting for a workshop" in page

    person = delegation.delegates.first()
    ChangeRequest.objects.create(
        delegation=delegation,
        delegate=person,
        change="edit",
        before={"role": "Engineer", "may_be_listed": False, "gender": ""},
        after={"role": "Director", "may_be_listed": True, "gender": "woman"},
    )
    for address in (my(delegation), own(delegation)):
        page = text_of(client.get(address))
        assert "Role: Engineer → Director" in page
        assert "May be listed: no → yes" in page
        assert "Gender: not stated → woman" in page

    page = text_of(client.get(own(delegation)))
    assert "Signed in as" in page
    assert reverse("account_logout") in page
    page = client.post(own(delegation, "register_withdraw_person", person.pk), follow=True)
    assert f"Withdrawn: {person}." in text_of(page)
