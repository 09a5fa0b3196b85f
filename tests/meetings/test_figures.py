"""Figures of a meeting: each opens its list, as a page and a file."""

import csv
import io
from datetime import timedelta

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from meetings import places
from meetings.models import Attendance, Meeting
from meetings.office.figures import DeskFigures
from meetings.persons.erasing import erase
from members.models import Institution
from secretariat.back_office import groups
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("officer")]

TOTAL, INSTITUTIONS, COUNTRIES, GENDERS = range(4)


@pytest.fixture
def centre():
    return make.Institution(name="Bamboo Centre", country=make.Country(name="Kenya"))


@pytest.fixture
def institute():
    return make.Institution(name="Water Institute", country=None)


@pytest.fixture
def meeting(centre, institute):
    """Four with a place, one who waits; the door noted two as present and one as absent."""
    meeting = make.Meeting(title="Meeting of 2025", year=2025, capacity=4)
    zhang, adams = send(
        meeting, centre, {"gender": "man", "role": "Director"}, {"gender": "woman", "role": "Chair"}
    )
    east, _west, waiting = send(meeting, institute, {}, {}, {})
    note(zhang, "present")
    note(adams, "absent")
    note(waiting, "present")
    note(east, "present")
    return meeting


def send(meeting, institution, *people):
    """Register these people; give them in their order."""
    delegation = make.Delegation(meeting=meeting, institution=institution)
    for place, person in enumerate(people):
        make.Delegate(delegation=delegation, position=place, **person)
    places.submit(delegation)
    return list(delegation.delegates.order_by("position"))


def note(delegate, state):
    meeting = delegate.delegation.meeting
    Attendance.objects.create(meeting=meeting, delegate=delegate, state=state)


def make_due(meeting):
    """Let the retention day be past."""
    yesterday = timezone.localdate() - timedelta(days=1)
    Meeting.objects.filter(pk=meeting.pk).update(retain_until=yesterday)


def page(meeting, view="figures", *args):
    return reverse(f"admin:meetings_meeting_desk_{view}", args=[meeting.pk, *args])


def sections_of(meeting):
    return DeskFigures(Meeting.objects.get(pk=meeting.pk)).sections


def counted(figure):
    return figure.label, figure.number.value


def divided(meeting):
    """Give the numbers of each division."""
    _total, *sections = sections_of(meeting)
    return [[counted(figure) for figure in section.table.rows] for section in sections]


def in_all(meeting):
    return [counted(figure) for figure in sections_of(meeting)[TOTAL].figures]


def numbers_of(figures):
    """Give every number on the page that is no share."""
    total, *divided = figures.sections
    for figure in total.figures:
        yield figure.number
    for section in divided:
        for figure in [*section.table.rows, section.table.total]:
            people, present = figure.numbers
            yield people
            yield present


def people_behind(client, address):
    context = client.get(address).context
    return len(context["walk_ins"]) if address.endswith("#walk-ins") else context["count"]


# ------------------------------------------------------------------ numbers


def test_figures_count_and_each_number_opens_its_list(meeting, client):
    assert divided(meeting) == [
        [("Bamboo Centre", 2), ("Water Institute", 2)],
        [("Kenya", 2), ("not stated", 2)],
        [("woman", 1), ("man", 1), ("not stated", 2)],
    ]

    figures = sections_of(meeting)[GENDERS].table.rows
    assert [figure.numbers[1].value for figure in figures] == [0, 1, 1]

    Attendance.objects.create(meeting=meeting, name="Anybody")
    assert in_all(meeting) == [
        ("Confirmed places", 4),
        ("Of these present", 2),
        ("Of these absent", 1),
        ("Of these not recorded", 1),
        ("Present without a confirmed place", 1),
        ("Walk-ins", 1),
    ]

    note(make.Delegate(delegation=meeting.delegations.first(), place=""), "present")
    figures = client.get(page(meeting)).context["figures"]
    found = list(numbers_of(figures))
    opened = [number for number in found if number.value]
    assert len(opened) == 25
    for number in found:
        assert bool(number.address) == bool(number.value), number
    for number in opened:
        assert people_behind(client, number.address) == number.value, number

    assert "#walk-ins" in client.get(page(meeting)).content.decode()
    client.force_login(make.Officer(group=groups.HELPER))
    shown = client.get(page(meeting))
    assert "Walk-ins" in shown.content.decode()
    assert "#walk-ins" not in shown.content.decode()


def test_where_nobody_was_noted_or_comes_it_is_not_counted(client, centre):
    shown = client.get(page(make.Meeting(year=2025)))
    assert shown.status_code == 200

    meeting = make.Meeting(year=2025)
    send(meeting, centre, {}, {})
    figures = client.get(page(meeting)).context["figures"]
    total, *divided = figures.sections
    assert [counted(figure) for figure in total.figures] == [("Confirmed places", 2)]
    assert {len(figure.numbers) for section in divided for figure in section.table.rows} == {1}


# ------------------------------------------------------------------ each number opens its list


def test_erasing_changes_no_number_and_what_opens_no_list_any_more_has_no_link(client, meeting):
    Attendance.objects.create(meeting=meeting, name="Anybody")
    numbers = divided(meeting), in_all(meeting)
    make_due(meeting)
    assert erase(meeting)

    assert (divided(meeting), in_all(meeting)) == numbers
    shown = client.get(page(meeting))
    figures = shown.context["figures"]
    linked = [number for number in numbers_of(figures) if number.address]
    for number in linked:
        assert people_behind(client, number.address) == number.value, number
    genders = {figure.number.address for figure in figures.sections[GENDERS].table.rows}
    assert genders == {""}
    assert "personal data have been erased" in shown.content.decode()


def test_who_states_no_gender_after_an_erasing_has_no_list_apart_from_the_erased(centre, institute):
    meeting = make.Meeting(year=2025)
    send(meeting, centre, {"gender": "woman"})
    make_due(meeting)
    assert erase(meeting)
    send(meeting, institute, {}, {"gender": "man"})

    figures = sections_of(meeting)[GENDERS].table.rows

    numbers = [(*counted(figure), bool(figure.number.address)) for figure in figures]
    assert numbers == [("woman", 1, False), ("man", 1, True), ("not stated", 1, False)]


# ------------------------------------------------------------------ as a file


def rows_of(client, meeting, kind):
    content = b"".join(client.get(page(meeting, "figures_file", kind)).streaming_content)
    if kind == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    return list(openpyxl.load_workbook(io.BytesIO(content)).active.values)


def test_a_file_has_the_numbers_of_the_page(client, meeting):
    headers, *rows = rows_of(client, meeting, "csv")
    title = "Meeting of 2025 (2025)"
    assert headers == ["Figures", "", title, "Of these present"]
    assert rows[0] == ["Total", "Confirmed places", "4", "2"]
    assert ["By institution", "Bamboo Centre", "2", "1"] in rows
    assert len(rows) == len(in_all(meeting)) + sum(map(len, divided(meeting)))
    headers, *rows = rows_of(client, meeting, "xlsx")
    assert headers[2] == title
    assert ("By institution", "Bamboo Centre", 2, 1) in rows
    assert client.get(page(meeting, "figures_file", "exe")).status_code == 404

    # What a spreadsheet would run is made safe.
    Meeting.objects.update(title="=1+1")
    Institution.objects.filter(name="Bamboo Centre").update(name="@SUM(A1)")
    for kind in ("csv", "xlsx"):
        rows = rows_of(client, meeting, kind)
        assert rows[0][2] == "'=1+1 (2025)", kind
        assert "'@SUM(A1)" in [row[1] for row in rows], kind


def test_figures_are_for_who_sees_who_comes(client, meeting):
    client.force_login(make.Officer(group=groups.DOOR))
    for view in (("figures",), ("figures_file", "csv")):
        assert client.get(page(meeting, *view)).status_code == 403
