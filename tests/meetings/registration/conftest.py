"""A meeting that takes registrations, and an institution that registers."""

from datetime import timedelta

import pytest
from django.utils import timezone

from meetings import places
from members.models import Affiliation
from tests import make


@pytest.fixture
def meeting():
    return make.OpenMeeting(
        title="Meeting of ours",
        quota=5,
        freeze_on=timezone.localdate() + timedelta(days=40),
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
