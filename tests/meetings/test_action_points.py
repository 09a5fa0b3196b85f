"""Action points: on /my/, for officers, by mail, and on the pages of meetings."""

from datetime import date, timedelta
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from meetings.models import ActionPoint
from sscnet.core.i18n.dates import BEIJING
from sscnet.outbox.models import Message
from tests import make
from tests.meetings.pages import page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def focal_point():
    return make.Affiliation(institution__name="Bamboo Centre").user


@pytest.fixture
def institution(focal_point):
    return focal_point.affiliations.get().institution


@pytest.fixture
def action_point(institution):
    meeting = make.Meeting(
        title="20th annual meeting",
        starts_on=date(2026, 5, 3),
        ends_on=date(2026, 5, 5),
        shows_action_points=True,
    )
    return agreed(meeting, institution)


def agreed(meeting, institution, days=10, **values):
    due_on = timezone.localdate(timezone=BEIJING) + timedelta(days=days)
    values = {"text": "Send the list of trainers", "text_zh_hans": "发送培训师名单"} | values
    return meeting.action_points.create(institution=institution, due_on=due_on, **values)


def move(action_point, days):
    action_point.due_on = timezone.localdate(timezone=BEIJING) + timedelta(days=days)
    action_point.save()


def kinds_of_mails():
    return list(Message.objects.order_by("pk").values_list("kind", flat=True))


# ------------------------------------------------------------------ the institution


def test_focal_point_finds_it_due_until_it_is_done(client, focal_point, action_point):
    client.force_login(focal_point)
    my = reverse("secretariat:my_institution", args=[action_point.institution.slug])
    due = "Send the list of trainers (20th annual meeting)"
    assert due in client.get(my).content.decode()

    action_point.state = ActionPoint.State.DONE
    action_point.save()

    assert due not in client.get(my).content.decode()


def test_nothing_is_due_of_what_is_not_public_or_closed(institution, action_point):
    hidden = [
        agreed(make.Meeting(**change), institution, -3)
        for change in ({"state": "draft"}, {"is_sample": True})
    ]
    action_point.delete()
    agreed(action_point.meeting, institution, -2, state="dropped")

    call_command("run_due", verbosity=0)

    assert not set(hidden) & set(ActionPoint.objects.to_do())
    assert kinds_of_mails() == []


# ------------------------------------------------------------------ reminders


def test_reminders_are_written_once_before_and_once_when_late(action_point):
    for days in (15, 14, 13, 0, -1, -30):
        # The same point, looked at on several days.
        ActionPoint.objects.filter(pk=action_point.pk).update(due_on=date(2030, 6, 1))
        with_today(date(2030, 6, 1) - timedelta(days=days))

    assert kinds_of_mails() == ["action-point-due", "action-point-late"]
    mail = Message.objects.first()
    assert "Send the list of trainers" in mail.text
    assert "发送培训师名单" in mail.text


def with_today(day):
    with patch("meetings.afterwards.action_points.timezone.localdate", return_value=day):
        call_command("run_due", verbosity=0)
        call_command("run_due", verbosity=0)


# ------------------------------------------------------------------ officers


def test_start_page_counts_what_is_late(client, officer, action_point):
    start = reverse("admin:index")
    assert "Action points overdue" not in client.get(start).content.decode()
    move(action_point, -1)
    assert "Action points overdue" in client.get(start).content.decode()
    late = reverse("admin:meetings_actionpoint_changelist") + "?waits=institution"
    assert client.get(late).context["cl"].queryset.get() == action_point


# ------------------------------------------------------------------ public pages


def test_meeting_shows_its_action_points_as_they_are_if_it_says_so(client, action_point):
    made_up = make.Institution(name="Made up", is_sample=True)
    agreed(action_point.meeting, made_up, text="Of nobody")
    assert "Of nobody" not in page_of(client, action_point.meeting)

    before = page_of(client, action_point.meeting)
    action_point.state = ActionPoint.State.DONE
    action_point.outcome = "Twelve trainers are named."
    action_point.save()
    assert "Twelve trainers" not in before
    assert "Twelve trainers are named." in page_of(client, action_point.meeting)

    meeting = action_point.meeting
    shown = page_of(client, meeting)
    meeting.shows_action_points = False
    meeting.save()
    assert "Send the list of trainers" in shown
    assert "Bamboo Centre" in shown
    assert "Send the list of trainers" not in page_of(client, meeting)
