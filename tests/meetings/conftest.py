"""The small example of the meeting: a workshop with 30 places, 28 of them taken, quota 5."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from meetings import places
from meetings.models import Delegation
from tests import make
from tests.pages import signed_in

NOW = datetime(2027, 3, 1, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
TOGETHER = Delegation.Rule.ALL_TOGETHER


@pytest.fixture
def hydropower(db):
    """Workshop Small hydropower with two places free; people of an institution hold the others."""
    meeting = make.Meeting(quota=5, capacity=100)
    workshop = make.Workshop(meeting=meeting, title="Small hydropower", capacity=30)
    for size in (5, 5, 5, 5, 5, 3):
        delegation = make.Delegation(meeting=meeting, people=size, people__workshops=[workshop])
        places.submit(delegation, now=NOW)
    return workshop


@pytest.fixture
def officer_client():
    """A browser of its own for an officer, beside the visitor's `client`."""
    return signed_in(make.Administrator())
