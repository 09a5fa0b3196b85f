"""What /my/ says of meetings."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from meetings import places
from meetings.models import Meeting, Offer
from members.models import Affiliation
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    today = timezone.localdate()
    return make.OpenMeeting(title="Meeting of ours", name_by_on=today + timedelta(days=30))


@pytest.fixture
def institution():
    return make.Institution()


def sign_in(client, institution, role=Affiliation.Role.FOCAL_POINT):
    client.force_login(make.Affiliation(institution=institution, role=role).user)


def page(client, institution):
    url = reverse("secretariat:my_institution", args=[institution.slug])
    return client.get(url).content.decode()


def test_a_delegation_is_due_to_be_registered_then_sent_then_named(client, meeting, institution):
    sign_in(client, institution)
    assert "Register a delegation for Meeting of ours" in page(client, institution)

    draft = make.Delegation(meeting=meeting, institution=institution, people=1)
    html = page(client, institution)
    assert "Send the registration for Meeting of ours, which is a draft" in html

    places.submit(draft)
    html = page(client, institution)
    assert "Nothing is due" in html
    assert "1 confirmed, 0 waiting" in html

    for _ in range(2):
        make.Delegate(delegation=draft, family_name="", given_names="", to_be_named=True)
    places.submit(draft)
    assert "Name the people of 2 places at Meeting of ours" in page(client, institution)


def test_an_offer_is_due_before_all_else(client, meeting, institution):
    Meeting.objects.update(giving=Meeting.Giving.OFFERS, capacity=1)
    there = make.Delegation(meeting=meeting, people=1)
    places.submit(there)
    places.submit(make.Delegation(meeting=meeting, institution=institution, people=1))
    places.withdraw(there)
    assert Offer.objects.open().count() == 1
    sign_in(client, institution)

    html = page(client, institution)

    assert "Answer 1 offer for Meeting of ours" in html
    assert reverse("meetings:register_offers", args=[meeting.slug, institution.slug]) in html
