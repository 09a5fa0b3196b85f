"""Who may register, and when."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from meetings.models import Delegate, Meeting
from members.models import Affiliation
from tests import make

from .steps import EDITING, address, delegation_of, person, sent, typed

pytestmark = pytest.mark.django_db


def test_a_visitor_is_asked_to_sign_in(client, meeting, institution):
    response = client.get(address(meeting, institution, "people"))

    assert response.status_code == 302
    assert "next=" in response["Location"]


@pytest.mark.parametrize("role", Affiliation.Role)
def test_focal_points_and_deputies_write_and_viewers_only_read(client, meeting, institution, role):
    user = make.Affiliation(institution=institution, role=role).user
    client.force_login(user)

    read = client.get(address(meeting, institution)).status_code
    write = client.post(address(meeting, institution, "people"), typed([person(1)])).status_code

    assert (read, write) == (200, 302 if role in EDITING else 403)
    assert Delegate.objects.count() == (1 if role in EDITING else 0)


@pytest.mark.parametrize("page", ["people", "workshops", "rule", "check", "sheet", "offers"])
def test_another_institution_finds_nothing(client, meeting, institution, focal_point, page):
    other = make.Institution()
    sent(meeting, other)

    assert client.get(address(meeting, other, page)).status_code == 404
    assert client.get(address(meeting, other)).status_code == 404


def test_another_institutions_person_cannot_be_changed_through_ones_own_address(
    client, meeting, institution, focal_point
):
    sent(meeting, institution)
    stranger = sent(meeting, make.Institution()).delegates.first()

    for page in ("person", "swap", "withdraw_person"):
        response = client.post(address(meeting, institution, page, stranger.pk), {"sure": "yes"})
        assert response.status_code == 404
    stranger.refresh_from_db()
    assert stranger.is_confirmed


def test_registering_leads_to_the_only_institution(client, meeting, institution, focal_point):
    page = reverse("meetings:register", args=[meeting.slug])

    assert client.get(page)["Location"] == address(meeting, institution, "people")
    sent(meeting, institution)
    assert client.get(page)["Location"] == address(meeting, institution)


def test_who_acts_for_several_chooses(client, meeting, institution, focal_point):
    other = make.Affiliation(user=focal_point, institution__name="Institute of Bamboo")

    html = client.get(reverse("meetings:register", args=[meeting.slug])).content.decode()

    assert address(meeting, other.institution) in html
    assert address(meeting, institution) in html


def test_before_the_window_the_page_says_when_it_opens(client, meeting, institution, focal_point):
    Meeting.objects.update(registration_opens_at=timezone.now() + timedelta(days=3))

    html = client.get(address(meeting, institution, "people")).content.decode()

    assert "Registration is not open yet" in html
    assert "Beijing time" in html
    assert "UTC" in html


def test_after_the_window_the_draft_is_kept(client, meeting, institution, focal_point):
    client.post(address(meeting, institution, "people"), typed([person(1)], then="draft"))
    Meeting.objects.update(registration_closes_at=timezone.now())

    data = typed([person(1), person(2)], version=1)
    html = client.post(address(meeting, institution, "people"), data).content.decode()

    assert "Registration is closed" in html
    assert delegation_of(meeting, institution).delegates.count() == 2


def test_a_closed_window_takes_no_new_delegation(client, meeting, institution, focal_point):
    draft = make.Delegation(meeting=meeting, institution=institution, people=1)
    Meeting.objects.update(registration_closes_at=timezone.now())

    client.post(address(meeting, institution, "send"), {"token": str(draft.submission_token)})

    draft.refresh_from_db()
    assert draft.is_draft
