"""A meeting that takes registrations, and an institution that registers."""

from datetime import timedelta

import pytest
from django.utils import timezone

from meetings import places
from members.models import Affiliation
from tests.factories import (
    AffiliationFactory,
    DelegationFactory,
    InstitutionFactory,
    MeetingFactory,
    UserFactory,
    WorkshopFactory,
)


@pytest.fixture
def meeting():
    now = timezone.now()
    return MeetingFactory(
        title="Meeting of ours",
        quota=5,
        registration_opens_at=now - timedelta(days=1),
        registration_closes_at=now + timedelta(days=20),
        starts_on=timezone.localdate() + timedelta(days=60),
        ends_on=timezone.localdate() + timedelta(days=62),
        freeze_on=timezone.localdate() + timedelta(days=40),
    )


@pytest.fixture
def hydropower(meeting):
    """A workshop of 30 places, of which two are free."""
    workshop = WorkshopFactory(meeting=meeting, title="Small hydropower", capacity=30)
    for size in (5, 5, 5, 5, 5, 3):
        full = DelegationFactory(meeting=meeting, people=size, people__workshops=[workshop])
        places.submit(full)
    return workshop


@pytest.fixture
def institution():
    return InstitutionFactory(name="Institute of Biogas")


@pytest.fixture
def focal_point(client, institution):
    user = UserFactory(email="focal@example.org", name="Focal Point")
    AffiliationFactory(user=user, institution=institution, role=Affiliation.Role.FOCAL_POINT)
    client.force_login(user)
    return user
