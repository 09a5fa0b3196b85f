"""Who has an unfinished draft in an open call is told once a week what it lacks."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from projects.calls.models import Call
from projects.calls.proposals.sending import UNFINISHED, remind_of_drafts
from sscnet.outbox import post
from sscnet.outbox.models import Message
from tests import make
from tests.calls.proposals.complete import complete_proposal

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(client):
    draft = complete_proposal(endorsed=False)
    client.force_login(make.Affiliation(institution=draft.institution).user)
    return draft


def reminders(monkeypatch, hours):
    """Let the mails of the week go in so many hours, and return those about drafts."""
    monkeypatch.setattr(post, "next_week", lambda: timezone.now() + timedelta(hours=hours))
    remind_of_drafts()
    return Message.objects.filter(kind=UNFINISHED)


def test_a_draft_is_reminded_of_once_a_week_until_that_is_stopped(client, draft, monkeypatch):
    assert not reminders(monkeypatch, 25)
    reminders(monkeypatch, 12)
    mail = reminders(monkeypatch, 12).get()
    assert mail.is_weekly
    assert "2 documents are missing or not described" in mail.text
    assert "缺少2份" in mail.text or "2份" in mail.text
    assert str(draft) in mail.subject

    mail.delete()
    address = reverse("calls:proposal_reminders", args=[draft.institution.slug, draft.pk])
    client.post(address, {"is_reminded": "0"})
    assert not reminders(monkeypatch, 12)
    client.post(address, {"is_reminded": "1"})
    Call.objects.update(closes_at=timezone.now() + timedelta(hours=11))
    assert not reminders(monkeypatch, 12)
