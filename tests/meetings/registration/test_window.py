"""Who may register, and when."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from meetings.models import Delegate, Meeting
from members.models import Affiliation
from tests import make

from .steps import EDITING, address, person, sent, typed

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", Affiliation.Role)
def test_focal_points_and_deputies_write_and_viewers_only_read(client, at, institution, role):
    user = make.Affiliation(institution=institution, role=role).user
    client.force_login(user)

    read = client.get(at()).status_code
    write = client.post(at("people"), typed([person(1)])).status_code

    assert (read, write) == (200, 302 if role in EDITING else 403)
    assert Delegate.objects.count() == (1 if role in EDITING else 0)


def test_of_another_institution_nothing_is_found_or_changed(
    client, at, registered, meeting, focal_point
):
    registered()
    other = make.Institution()
    stranger = sent(meeting, other).delegates.first()
    assert client.get(address(meeting, other)).status_code == 404
    for page in ("people", "workshops", "check", "sheet", "offers"):
        assert client.get(address(meeting, other, page)).status_code == 404, page

    # Nor a person through one's own address.
    for page in ("person", "swap", "withdraw_person"):
        response = client.post(at(page, stranger.pk), {"sure": "yes"})
        assert response.status_code == 404, page
    stranger.refresh_from_db()
    assert stranger.is_confirmed


def test_registering_leads_to_the_institution_or_lets_choose(
    client, at, registered, meeting, focal_point
):
    page = reverse("meetings:register", args=[meeting.slug])
    assert client.get(page)["Location"] == at("people")
    registered()
    assert client.get(page)["Location"] == at()

    other = make.Affiliation(user=focal_point, institution__name="Institute of Bamboo")
    html = client.get(reverse("meetings:register", args=[meeting.slug])).content.decode()
    assert address(meeting, other.institution) in html
    assert at() in html


def test_before_the_window_the_page_says_when_it_opens_to_who_is_signed_in(client, at, focal_point):
    Meeting.objects.update(registration_opens_at=timezone.now() + timedelta(days=3))
    html = client.get(at("people")).content.decode()
    assert "Registration is not open yet" in html
    assert "Beijing time" in html
    assert "UTC" in html

    client.logout()
    response = client.get(at("people"))
    assert response.status_code == 302
    assert "next=" in response["Location"]


def test_after_the_window_the_draft_is_kept_and_not_sent(client, at, ours, focal_point):
    client.post(at("people"), typed([person(1)], then="draft"))
    Meeting.objects.update(registration_closes_at=timezone.now())
    data = typed([person(1), person(2)], version=1)
    html = client.post(at("people"), data).content.decode()
    assert "Registration is closed" in html
    assert ours().delegates.count() == 2

    draft = ours()

    client.post(at("send"), {"token": str(draft.submission_token)})
    draft.refresh_from_db()
    assert draft.is_draft
