"""Two thousand delegates: no page of the officers asks more of the database, or grows with them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from meetings.models import (
    Attendance,
    Delegate,
    Delegation,
    Offer,
    PlaceEvent,
    WorkshopPlace,
)
from members.models import Institution
from sscnet.codelists.models import Country
from tests import make
from tests.meetings.desk import address

pytestmark = pytest.mark.django_db

PEOPLE = 4
FEW, MANY = 10, 500
# With 2,000 people no page is longer than a phone on a slow line takes.
MOST_BYTES = 300_000
REASONS = ["approval", "full", "quota"]


def crowd(meeting, first, last):
    """Add delegations of four: who has a place, who waits, who has no name yet, who was there."""
    countries = list(Country.objects.all())
    institutions = Institution.objects.bulk_create(
        Institution(
            name=f"Institution {n}", slug=f"i-{n}", country=countries[n % 3], state="published"
        )
        for n in range(first, last)
    )
    now = timezone.now()
    delegations = Delegation.objects.bulk_create(
        Delegation(meeting=meeting, institution=one, state="submitted", submitted_at=now)
        for one in institutions
    )
    people = Delegate.objects.bulk_create(
        person(delegation, n, position)
        for n, delegation in enumerate(delegations, start=first)
        for position in range(PEOPLE)
    )
    workshop = meeting.workshops.get()
    WorkshopPlace.objects.bulk_create(
        WorkshopPlace(delegate=one, workshop=workshop, place=one.place, line=one.line)
        for one in people
    )
    Offer.objects.bulk_create(
        Offer(delegate=one, answer_by=now) for one in people if one.place == "offered"
    )
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, delegate=one) for one in people if one.place == "confirmed"
    )
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, name=f"Walk-in {n}") for n in range(first, last)
    )
    PlaceEvent.objects.bulk_create(
        PlaceEvent(
            at=now, kind="asked", place=one.place, meeting=meeting, delegate=one,
            delegation=one.delegation, institution=one.delegation.institution,
        )
        for one in people
    )  # fmt: skip
    with connection.cursor() as cursor:
        # As the database itself does a moment after so many rows were added.
        cursor.execute("ANALYZE")


def person(delegation, n, position):
    """The first has a place, the second an offer, the third waits, the last has no name."""
    place = ["confirmed", "offered", "waiting", "confirmed"][position]
    names = {"family_name": f"Family{n}", "given_names": "Given", "role": f"Role {n % 5}"}
    return Delegate(
        delegation=delegation,
        position=position,
        place=place,
        reason=REASONS[n % 3] if place == "waiting" else "",
        line=n * PEOPLE + position + 1,
        to_be_named=position == 3,
        gender=["woman", "man"][n % 2],
        **(names if position < 3 else {}),
    )


@pytest.fixture
def meeting():
    for name in ("Kenya", "China", "Peru"):
        make.Country(name=name)
    meeting = make.Meeting(title="Annual meeting", slip_due_on=timezone.localdate())
    make.Workshop(meeting=meeting, title="Hydropower")
    crowd(meeting, 0, FEW)
    return meeting


def pages(meeting):
    desk = {
        name: address(f"meeting_{name}", meeting.pk)
        for name in (
            "desk",
            "desk_list",
            "desk_figures",
            "desk_check_in",
            "desk_message",
        )
    }
    waiting = {"delegation__meeting__id__exact": meeting.pk, "waits": "approval"}
    lists = {name: address(f"{name}_changelist") for name in ("delegation", "delegate", "meeting")}
    return {
        "start": reverse("admin:index"),
        "story": address("meeting_desk_story", meeting.pk, meeting.delegations.first().pk),
        "delegation form": address("delegation_change", meeting.delegations.first().pk),
        "everybody": f"{desk['desk_list']}?columns=name&columns=workshops&columns=attendance",
        "to approve": f"{lists['delegate']}?" + "&".join(f"{k}={v}" for k, v in waiting.items()),
        "found at the door": f"{desk['desk_check_in']}?q=Family7",
        **desk,
        **lists,
    }


def measured(client, meeting):
    found = {}
    for name, page in pages(meeting).items():
        with CaptureQueriesContext(connection) as queries:
            response = client.get(page)
        assert response.status_code == 200, name
        found[name] = len(queries), len(response.content)
    return found


def test_pages_ask_as_much_of_the_database_for_forty_people_as_for_two_thousand(client, meeting):
    client.force_login(make.Administrator())
    measured(client, meeting)
    few = measured(client, meeting)

    crowd(meeting, FEW, MANY)
    many = measured(client, meeting)

    assert Delegate.objects.count() == 2_000
    assert {name: n for name, (n, _size) in many.items()} == {
        name: n for name, (n, _size) in few.items()
    }
    too_long = {name: size for name, (_n, size) in many.items() if size > MOST_BYTES}
    assert too_long == {}
    assert many["start"][0] <= 15
