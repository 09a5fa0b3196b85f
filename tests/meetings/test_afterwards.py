"""After a meeting: numbers of those present, photos with credit."""

import re
from datetime import date

import pytest

from meetings.models import Attendance, Erasure
from tests import make
from tests.meetings.pages import days_from_now, page_of, with_place

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    return make.Meeting(
        title="20th annual meeting",
        shows_numbers=True,
        report="It was good.",
        **days_from_now(-9, -8),
    )


def present(meeting, genders, country="CN", **values):
    """Note people of one institution as present."""
    institution = make.Institution(country=make.Country(iso2=country), **values)
    delegation = make.Delegation(meeting=meeting, institution=institution)
    for n, gender in enumerate(genders):
        make.Delegate(delegation=delegation, position=n, gender=gender)
    with_place(delegation)
    for delegate in delegation.delegates.all():
        Attendance.objects.create(meeting=meeting, delegate=delegate)
    return delegation


# ------------------------------------------------------------------ numbers


def test_numbers_of_those_present_stand_on_the_page_if_the_meeting_says_so(client, meeting):
    present(meeting, ["woman"] * 5 + ["man"] * 4 + [""])
    present(meeting, ["man", "man"], country="KE")
    Attendance.objects.create(meeting=meeting, name="Walked in")
    absent = present(meeting, ["woman"], country="VN").delegates.get().attendance
    absent.state = Attendance.State.ABSENT
    absent.save()

    page = page_of(client, meeting)

    for words in ("13 people", "2 institutions", "2 countries", "5 women among the 11"):
        assert f"<dd>{words}" in page
    meeting.shows_numbers = False
    meeting.save()
    assert "13 people" not in page_of(client, meeting)


@pytest.mark.parametrize("genders", [["woman"] * 4 + ["man"] * 9, ["woman"] * 9 + ["man"] * 4])
def test_gender_is_not_counted_where_a_group_is_small(client, meeting, genders):
    present(meeting, genders)

    page = page_of(client, meeting)

    assert "13 people" in page
    assert "women" not in page


def test_numbers_stay_when_the_people_are_erased(client, meeting):
    delegation = present(meeting, ["woman"] * 5 + ["man"] * 5)
    delegation.delegates.filter(gender="woman").update(gender="")
    genders = [["woman", "confirmed", "present", 5], ["woman", "waiting", None, 9]]
    counts = dict.fromkeys(Erasure.COUNTED, 0)
    Erasure.objects.create(meeting=meeting, genders=genders, **counts)

    assert "5 women among the 10" in page_of(client, meeting)


def test_the_page_follows_what_is_noted_at_the_door(client, meeting):
    delegation = present(meeting, [""])
    before = page_of(client, meeting)
    Attendance.objects.create(meeting=meeting, name="Walked in")

    assert "1 person" in before
    assert "2 people" in page_of(client, meeting)
    meeting.ends_on = meeting.starts_on = days_from_now(0)["starts_on"]
    meeting.save()
    assert "2 people" not in page_of(client, delegation.meeting)


def test_a_past_meeting_begins_with_what_came_of_it_and_photos_have_a_credit(client, meeting):
    image = "pictures/00000000000000000000000000000000/320.webp"
    values = {"width": 320, "height": 200, "alt": "A field", "credit": "Photo: Bamboo Centre"}
    meeting.pictures.create(image=image, **values)

    meeting.report, meeting.shows_action_points = "All agreed.", True
    meeting.save()
    for state in ("done", "open"):
        meeting.action_points.create(
            institution=make.Institution(), text="Write", due_on=date(2030, 1, 1), state=state
        )
    meeting.projects.add(make.Project(title="Biogas", year_approved=2019, granted_usd=26000))
    page = page_of(client, meeting)
    section = re.search(r'<section aria-labelledby="report">.*?</section>', page, re.DOTALL)[0]
    counted = re.findall(r'<dd><a href="#([^"]+)">(\d+)</a>', section)
    assert counted == [("action-points", "2"), ("projects", "1")]
    assert "<small>1 of them done</small>" in section
    assert "<p>All agreed.</p>" in section
    assert "· 2019 · US$ 26,000</small>" in page

    assert 'alt="A field"' in page
    assert "<small>Photo: Bamboo Centre</small></figcaption>" in page

    meeting = make.Meeting(**days_from_now(9))
    meeting.projects.add(make.Project())
    assert 'id="report"' not in page_of(client, meeting)
