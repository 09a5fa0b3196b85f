"""Bars: how long each is, where it leads, and what is not drawn."""

import re

import pytest
from django.http import QueryDict

from projects.catalogue.bars import bars
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

    water = make.Sector(name="Water", slug="water")
    make.Project(sectors=[water], status="completed")
    (bar,) = bars(selection("status=completed"), "sector").rows
    assert bar.number.address == "/projects/?sector=water&status=completed"

    make.Project(sectors=[make.Sector() for _ in range(9)])
    drawn = bars(selection(), "sector")
    assert len(drawn.in_sight) == 8
    assert drawn.hidden == 2
    assert drawn.address == "/projects/values/sector/"
