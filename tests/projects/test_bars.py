"""Bars: how long each is, where it leads, and what is not drawn."""

import re

import pytest
from django.http import QueryDict

from projects.catalogue.bars import bars, timeline
from projects.catalogue.filters import ProjectFilter
from tests import make

pytestmark = pytest.mark.django_db


def selection(query=""):
    return ProjectFilter.listing(QueryDict(query))


def test_the_longest_bar_fills_its_room_and_the_others_by_their_number(client):
    water, trade, tea = (make.Sector(name=name) for name in ("Water", "Trade", "Tea"))
    goal = make.SDG()
    for sectors in ([water], [water], [water, trade], [water, trade, tea], []):
        make.Project(sectors=sectors, sdgs=[goal])

    drawn = bars(selection(), "sector")
    page = client.get(goal.get_absolute_url()).content.decode()

    assert [bar.label for bar in drawn.rows] == ["Water", "Trade", "Tea"]
    assert re.findall(r'<svg width="(\d+)%" height="12"', page) == ["80", "40", "20"]
    assert (drawn.hidden, drawn.lacking.value) == (0, 1)


def test_bars_open_the_list_and_what_is_not_drawn_is_counted():
    make.Project()
    assert bars(selection(), "sector").rows == []
    assert timeline(selection()).rows == []

    water = make.Sector(name="Water", slug="water")
    make.Project(sectors=[water], status="completed")
    (bar,) = bars(selection("status=completed"), "sector").rows
    assert bar.number.address == "/projects/?sector=water&status=completed"

    make.Project(sectors=[make.Sector() for _ in range(9)])
    drawn = bars(selection(), "sector")
    assert len(drawn.in_sight) == 8
    assert drawn.hidden == 2
    assert drawn.address == "/projects/values/sector/"


def test_years_without_projects_stand_in_the_row_and_of_many_the_last_are_drawn(client):
    goal = make.SDG()
    for year in (2007, 2007, 2009, None):
        make.Project(year_approved=year)
    drawn = timeline(selection())
    assert [(one.label, one.number.value, one.number.address) for one in drawn.rows] == [
        ("2007", 2, "/projects/?year=2007"),
        ("2008", 0, ""),
        ("2009", 1, "/projects/?year=2009"),
    ]
    assert drawn.lacking.value == 1

    for year in (1995, 2010):
        make.Project(year_approved=year, sdgs=[goal])
    drawn = timeline(selection())
    assert [bar.figure.label for bar in drawn.chart.bars] == [
        str(year) for year in range(1999, 2011)
    ]
    page = client.get(goal.get_absolute_url()).content.decode()
    assert "From 1999 to 2010; the table has all." in page
    assert f'<a href="/projects/?sdg={goal.number}&amp;year=1995" rel="nofollow">1995</a>' in page
