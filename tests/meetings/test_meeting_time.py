"""Pages that show meetings are kept between the moments at which the clock changes them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from tests import make

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def clock(monkeypatch):
    """Set the clock: `clock(moment)`."""

    def set_to(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    set_to(NOW)
    return set_to


def etag(client, address):
    return client.get(address).headers["ETag"]


@pytest.mark.parametrize("page", ["home", "list", "meeting"])
def test_a_registration_that_opens_makes_another_page(client, clock, page):
    meeting = make.Meeting(
        capacity=10,
        registration_opens_at=NOW + timedelta(hours=1),
        registration_closes_at=NOW + timedelta(days=5),
    )
    address = {"home": "/", "list": "/meetings/", "meeting": meeting.get_absolute_url()}[page]
    before = etag(client, address)

    clock(NOW + timedelta(minutes=59))
    assert etag(client, address) == before

    clock(NOW + timedelta(minutes=60))
    assert etag(client, address) != before


def test_a_meeting_is_past_when_its_last_day_is_over_where_it_is_held(client, clock):
    meeting = make.Meeting(
        time_zone="America/Lima", starts_on=date(2026, 5, 4), ends_on=date(2026, 5, 4)
    )
    midnight_there = datetime(2026, 5, 5, tzinfo=ZoneInfo("America/Lima"))
    clock(midnight_there - timedelta(minutes=1))
    before = etag(client, meeting.get_absolute_url())

    clock(midnight_there)

    assert etag(client, meeting.get_absolute_url()) != before
