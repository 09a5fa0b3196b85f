"""Who is told that a meeting is cancelled or moved or its programme changed, and with what file."""

from collections import Counter
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from meetings import places
from meetings.models import Delegate, Meeting, Workshop
from meetings.office.notices import tell_of_changes
from meetings.places.mails import confirm_registrations
from sscnet.outbox.models import Message
from tests import make
from tests.admin_forms import filled

from .desk import Written, change, listed, register

ZONE = ZoneInfo("Asia/Shanghai")
pytestmark = pytest.mark.django_db


def at(day, hour=9):
    return datetime(2030, 5, day, hour, tzinfo=ZONE)


@pytest.fixture
def meeting():
    days = {"starts_on": date(2030, 5, 6), "ends_on": date(2030, 5, 8)}
    return make.Meeting(
        title="Annual meeting",
        city="Hangzhou",
        venue="Hall 1",
        registration_contact="ask@example.org",
        **days,
    )


@pytest.fixture
def workshops(meeting):
    first = make.Workshop(meeting=meeting, title="Hydropower", starts_at=at(6), capacity=100)
    second = make.Workshop(meeting=meeting, title="Biogas", starts_at=at(7), capacity=100)
    return first, second


def joined(meeting, number, workshops=()):
    """Register delegations of one person each with an e-mail, and tell them."""
    found = [
        register(meeting, to=f"i{n}@example.org", email=f"p{n}@example.org", workshops=workshops)
        for n in range(number)
    ]
    confirm_registrations()
    return found


def events(mail):
    calendar = Calendar.from_ical(bytes(mail.attachments.get().content))
    return {
        str(e["uid"]).split("@")[0].split("-")[0] + " " + str(e["summary"]).split(": ")[-1]: (
            str(e["status"]),
            int(e["sequence"]),
            str(e["uid"]),
        )
        for e in calendar.walk("VEVENT")
    }


def states(mail):
    return {name: state for name, (state, _n, _uid) in events(mail).items()}


def last_to(address):
    return Message.objects.filter(to=address).order_by("pk").last()


@pytest.mark.parametrize("number", [8, pytest.param(40, marks=pytest.mark.proof)])
def test_cancelling_tells_delegations_and_their_delegates_once(meeting, workshops, number):
    for delegation in joined(meeting, number, workshops):
        place = delegation.delegates.get().workshop_places.get(workshop=workshops[1])
        places.withdraw(place)
    first = {
        n: events(Message.objects.filter(to=f"p{n}@example.org").earliest("pk"))
        for n in (0, number - 1)
    }
    written = Written()

    Meeting.objects.update(cancelled_at=at(1))
    for _ in range(2):
        tell_of_changes()

    everybody = [f"{who}{n}@example.org" for who in "ip" for n in range(number)]
    assert Counter(mail.to for mail in written.mails) == Counter(everybody)
    assert {mail.kind for mail in written.mails} == {
        "meeting-cancelled",
        "meeting-cancelled-delegate",
    }
    for n in range(number):
        assert states(written.mails.get(to=f"p{n}@example.org")) == {
            "meeting Annual meeting": "CANCELLED",
            "workshop Hydropower": "CANCELLED",
            "workshop Biogas": "CANCELLED",
        }
    for n, before in first.items():
        now = events(written.mails.get(to=f"p{n}@example.org"))
        assert {name: uid for name, (_s, _n, uid) in now.items()} == {
            name: uid for name, (_s, _n, uid) in before.items()
        }
        assert all(now[name][1] > before[name][1] for name in before)


def test_moving_says_what_was_and_what_is(meeting):
    joined(meeting, 1)

    for changes, expected in [
        ({"venue": "Hall 2"}, "Hall 1"),
        ({"city": "Kunming"}, "Hangzhou"),
        ({"venue_zh_hans": "二号厅"}, "Hall 2"),
        ({"time_zone": "Africa/Nairobi"}, "Beijing time"),
        ({"starts_on": date(2030, 6, 6), "ends_on": date(2030, 6, 8)}, "6–8 May 2030"),
    ]:
        written = Written()
        for name, value in changes.items():
            setattr(meeting, name, value)
        meeting.save()
        tell_of_changes()
        tell_of_changes()
        assert [(m.to, m.kind) for m in written.mails] == [
            ("i0@example.org", "meeting-moved"),
            ("p0@example.org", "meeting-moved-delegate"),
        ], changes
        before, now = written.mails.last().text.split("When:", 2)[1:3]
        assert expected in before, changes
        assert "ask@example.org" in now
        assert states(written.mails.last()) == {"meeting Annual meeting": "CONFIRMED"}


def test_what_is_taken_back_or_not_moved_tells_nobody_and_a_draft_has_no_file(meeting):
    joined(meeting, 1)
    written = Written()
    meeting.title, meeting.theme = "New title", "Theme"
    meeting.save()
    Meeting.objects.update(cancelled_at=at(1))
    Meeting.objects.update(cancelled_at=None)
    tell_of_changes()
    assert list(written.mails) == []

    Meeting.objects.update(cancelled_at=at(1))
    tell_of_changes()
    Meeting.objects.update(cancelled_at=None)
    tell_of_changes()
    assert [m.kind for m in written.mails if m.to == "i0@example.org"] == [
        "meeting-cancelled",
        "meeting-reinstated",
    ]


def test_a_record_read_before_does_not_undo_what_is_to_be_told(meeting):
    joined(meeting, 1)
    written, stale = Written(), Meeting.objects.get()
    Meeting.objects.update(venue="Hall 2")
    stale.venue = "Hall 2"
    stale.save()

    tell_of_changes()

    assert [mail.kind for mail in written.mails] == ["meeting-moved", "meeting-moved-delegate"]


def test_a_workshop_that_changed_is_told_to_those_who_have_it(meeting, workshops):
    joined(meeting, 1, workshops[:1])
    register(meeting, to="other@example.org", workshops=workshops[1:])
    confirm_registrations()
    written = Written()

    Workshop.objects.filter(title="Hydropower").update(starts_at=at(8, 14), room="Room B")
    tell_of_changes()
    tell_of_changes()

    assert [(m.to, m.kind) for m in written.mails] == [
        ("i0@example.org", "programme-changed"),
        ("p0@example.org", "programme-changed-delegate"),
    ]
    line = "“Hydropower” – before: 6 May 2030, 09:00; now: 8 May 2030, 14:00, Room B"
    assert line in written.mails.last().text


# ------------------------------------------------------------------ a person's own calendar


def test_a_delegates_calendar_is_that_persons(meeting, workshops):
    delegation = register(
        meeting, to="i@example.org", people=2, email="p@example.org", workshops=workshops[:1]
    )
    other = delegation.delegates.last()
    places.choose_workshops(other, workshops)
    confirm_registrations()

    mail = last_to("p@example.org")
    assert states(mail) == {
        "meeting Annual meeting": "CONFIRMED",
        "workshop Hydropower": "CONFIRMED",
    }
    for fact in ("6–8 May 2030", "Hall 1, Hangzhou", meeting.get_absolute_url(), "ask@example.org"):
        assert fact in mail.text

    place = delegation.delegates.first().workshop_places.get()
    places.withdraw(place)

    after = last_to("p@example.org")
    name = "workshop Hydropower"
    assert events(after)[name][0] == "CANCELLED"
    assert events(after)[name][2] == events(mail)[name][2]
    assert events(after)[name][1] > events(mail)[name][1]
    assert states(after)["meeting Annual meeting"] == "CONFIRMED"


def test_who_withdraws_or_is_swapped_is_told_and_leaves_the_calendar(meeting, workshops):
    delegation = register(meeting, to="i@example.org", email="p@example.org", workshops=workshops)
    confirm_registrations()
    written = Written()

    places.swap(delegation.delegates.get(), {"family_name": "Zhao", "email": "zhao@example.org"})

    assert {(m.to, m.kind) for m in written.mails} == {
        ("i@example.org", "place-swapped"),
        ("zhao@example.org", "place-yours"),
        ("p@example.org", "place-passed-on"),
    }
    assert "ZHAO comes instead of " in last_to("i@example.org").text
    assert set(states(last_to("p@example.org")).values()) == {"CANCELLED"}
    assert "Zhao" not in last_to("p@example.org").text
    assert set(states(last_to("zhao@example.org")).values()) == {"CONFIRMED"}

    places.withdraw(delegation.delegates.get())

    mail = last_to("zhao@example.org")
    assert (mail.kind, "registered you for" in mail.text) == ("place-ended-yours", False)
    assert set(states(mail).values()) == {"CANCELLED"}


def test_a_name_given_is_told(meeting):
    delegation = register(meeting, to="i@example.org")
    Delegate.objects.update(to_be_named=True, family_name="", given_names="")
    written = Written()

    places.name(delegation.delegates.get(), {"family_name": "Sun", "email": "sun@example.org"})

    assert {(m.to, m.kind) for m in written.mails} == {
        ("i@example.org", "place-named"),
        ("sun@example.org", "place-yours"),
    }


# ------------------------------------------------------------------ what an officer sees before


def hidden(page):
    """Give what the page's form sends back."""
    found = {}
    for name, value in page.context["fields"]:
        found.setdefault(name, []).append(value)
    return found


@pytest.mark.usefixtures("officer")
def test_an_officer_sees_who_is_notified_before_it_is_saved(client, meeting):
    joined(meeting, 1)
    nobody = register(meeting)
    confirm_registrations()
    written = Written()
    data = filled(client.get(change(meeting))) | {"venue": "Hall 2", "_save": "1"}

    page = client.post(change(meeting), data)

    assert Meeting.objects.get().venue == "Hall 1"
    assert f"<li>{nobody.institution}</li>" in page.content.decode()
    seen = listed(page)
    assert list(written.mails) == []

    response = client.post(change(meeting), hidden(page) | {"_told": page.context["version"]})
    tell_of_changes()

    assert response.status_code == 302
    assert Meeting.objects.get().venue == "Hall 2"
    assert written.as_announced() == [
        (kind, "i0@example.org" if kind == "meeting-moved" else "p0@example.org", *texts)
        for kind, _to, *texts in seen
    ]


@pytest.mark.usefixtures("officer")
def test_a_change_that_tells_nobody_is_saved_at_once(client, meeting):
    data = filled(client.get(change(meeting))) | {"venue": "Hall 2", "_save": "1"}

    assert client.post(change(meeting), data).status_code == 302
    assert Meeting.objects.get().venue == "Hall 2"
