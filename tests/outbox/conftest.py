import pytest

from sscnet.outbox import wordings
from tests.outbox.wordings import INVITATION


@pytest.fixture
def invitation(monkeypatch):
    """Register a wording for the test."""
    monkeypatch.setitem(wordings._wordings, INVITATION.key, INVITATION)
    return INVITATION
