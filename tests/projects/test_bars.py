"""Bars: how long each is, where it leads, and what is not drawn."""

import pytest
from django.http import QueryDict

from projects.catalogue.bars import bars, timeline
from projects.catalogue.filters import ProjectFilter
from tests.factories import ProjectFactory, SectorFactory

pytestmark = pytest.mark.django_db


def selection(query=""):
    return ProjectFilter.listing(QueryDict(query))


def test_the_longest_bar_fills_its_room_and_the_others_by_their_number():
    water, trade, tea = (SectorFactory(name=name) for name in ("Water", "Trade", "Tea"))
    for sectors in ([water], [water], [water, trade], [water, trade, tea], []):
        ProjectFactory(sectors=sectors)

    drawn = bars(selection(), "sector")

    assert [(bar.value.label, bar.width) for bar in drawn.rows] == [
        ("Water", 80),
        ("Trade", 40),
        ("Tea", 20),
    ]
    assert (drawn.hidden, drawn.not_stated) == (0, 1)


def test_a_bar_opens_the_list_it_stands_in_with_its_value_too():
    water = SectorFactory(name="Water", slug="water")
    ProjectFactory(sectors=[water], status="completed")

    (bar,) = bars(selection("status=completed"), "sector").rows

    assert bar.address == "/projects/?sector=water&status=completed"


def test_what_is_not_drawn_is_counted():
    ProjectFactory(sectors=[SectorFactory() for _ in range(9)])

    drawn = bars(selection(), "sector")

    assert len(drawn.rows) == 8
    assert drawn.hidden == 1
    assert drawn.address == "/projects/values/sector/"


def test_nothing_stated_gives_no_bars():
    ProjectFactory()

    assert bars(selection(), "sector").rows == []
    assert timeline(selection()).years == []


def test_years_without_projects_stand_in_the_row_of_years_and_lead_nowhere():
    for year in (2007, 2007, 2009, None):
        ProjectFactory(year_approved=year)

    drawn = timeline(selection())

    assert [(one.name, one.count, one.address) for one in drawn.years] == [
        ("2007", 2, "/projects/?year=2007"),
        ("2008", 0, ""),
        ("2009", 1, "/projects/?year=2009"),
    ]
    assert drawn.not_stated == 1


def test_of_many_years_the_last_are_drawn_and_all_are_in_the_table(client):
    for year in (1995, 2010):
        ProjectFactory(year_approved=year)

    drawn = timeline(selection())

    assert [bar.value.name for bar in drawn.chart.bars] == [str(year) for year in range(1999, 2011)]
    page = client.get("/").content.decode()
    assert "The last 12 years; the table has all." in page
    assert '<a href="/projects/?year=1995">1995</a>' in page
