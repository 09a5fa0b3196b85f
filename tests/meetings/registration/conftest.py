"""A meeting that takes registrations, and an institution that registers."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from meetings import places
from members.models import Affiliation
from tests import make

from .steps import address, delegation_of, ready, send, sent


@pytest.fixture
def meeting():
    return make.OpenMeeting(
        title="Meeting of ours", quota=5, freeze_on=timezone.localdate() + timedelta(days=40)
    )


@pytest.fixture
def hydropower(meeting):
    """A workshop of 30 places, of which two are free."""
    workshop = make.Workshop(meeting=meeting, title="Small hydropower", capacity=30)
    for size in (5, 5, 5, 5, 5, 3):
        full = make.Delegation(meeting=meeting, people=size, people__workshops=[workshop])
        places.submit(full)
    return workshop


@pytest.fixture
def institution():
    return make.Institution(name="Institute of Biogas")


@pytest.fixture
def focal_point(client, institution):
    user = make.User(email="focal@example.org", name="Focal Point")
    make.Affiliation(user=user, institution=institution, role=Affiliation.Role.FOCAL_POINT)
    client.force_login(user)
    return user


@pytest.fixture
def at(meeting, institution):
    """Give the address of a page of the institution's registration: `at("people")`."""
    return partial(address, meeting, institution)


@pytest.fixture
def ours(meeting, institution):
    """Read the institution's delegation: `ours()`."""
    return partial(delegation_of, meeting, institution)


@pytest.fixture
def begun(meeting, institution):
    """Make the institution's draft: `begun(people=2)`."""
    return partial(make.Delegation, meeting=meeting, institution=institution)


@pytest.fixture
def prepared(meeting, institution):
    """Make a draft whose people wish for a workshop: `prepared(4, workshop, rule)`."""
    return partial(ready, meeting, institution)


@pytest.fixture
def registered(meeting, institution):
    """Make the institution's delegation as it was sent: `registered(2, [workshop])`."""
    return partial(sent, meeting, institution)


@pytest.fixture
def submit(client, meeting, institution):
    """Send the registration by its page: `submit()`."""
    return partial(send, client, meeting, institution)
