"""The desk from the first registration to the end: twenty arrive, and five places are added."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from meetings import places
from meetings.models import Delegate, Meeting, Offer, PlaceEvent
from sscnet.outbox.models import Message
from tests import make
from tests.meetings.desk import Written, act, address, listed, register, text_of
from tests.outbox.mail_server import Inbox, free_port, running, smtp_on

# Mails are sent, each in a transaction of its own.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("officer")]


@pytest.fixture
def inbox(settings):
    """A mail server that is there, and what it received."""
    port, inbox = free_port(), Inbox()
    settings.MAILERS = smtp_on(port)
    with running(inbox, port):
        yield inbox


def sent(inbox):
    """Send what is due, twice; give what arrived, as the page told it, and forget it."""
    for _ in range(2):
        call_command("run_due")
    told = [(mail["To"], mail["Subject"], body(mail)) for mail in inbox.mails]
    inbox.mails.clear()
    return told


def body(mail):
    return mail.get_body(["plain"]).get_content().replace("\r\n", "\n").strip()


def told(mails):
    return [(to, subject, text.strip()) for _kind, to, subject, text in mails]


# ------------------------------------------------------------------ twenty registrations


def test_twenty_registrations_are_decided_on_and_everybody_is_told_once(client, inbox, officer):
    meeting = make.Meeting(title="Annual meeting", capacity=30, approval="officer")
    twenty = [register(meeting, to=f"p{n}@example.org") for n in range(20)]
    assert sorted(to for to, *_ in sent(inbox)) == sorted(f"p{n}@example.org" for n in range(20))
    eighteen, two = twenty[:18], twenty[18:]

    # Eighteen are approved in one step.
    listed_before = listed(act(client, "delegation", "approve", *eighteen))
    assert not Delegate.objects.taken().exists()
    act(client, "delegation", "approve", *eighteen, _confirmed="1")
    arrived = sent(inbox)
    assert [to for to, *_ in arrived] == [f"p{n}@example.org" for n in range(18)]
    assert arrived == told(listed_before)
    assert Delegate.objects.taken().count() == 18

    # Two are declined with the reason.
    reason = {"reason": "The nomination letter is missing."}
    listed_before = listed(act(client, "delegation", "decline", *two, _decision="1", **reason))
    assert not Delegate.objects.filter(place="declined").exists()
    act(client, "delegation", "decline", *two, _confirmed="1", **reason)
    arrived = sent(inbox)
    assert [to for to, *_ in arrived] == ["p18@example.org", "p19@example.org"]
    assert all("The nomination letter is missing." in text for _to, _subject, text in arrived)
    assert arrived == told(listed_before)

    # One of these is undone; a correcting mail goes out.
    listed_before = listed(act(client, "delegation", "undo", two[0]))
    act(client, "delegation", "undo", two[0], _confirmed="1")
    arrived = sent(inbox)
    assert [to for to, *_ in arrived] == ["p18@example.org"]
    assert arrived[0][1].startswith("Correction: Annual meeting")
    assert arrived == told(listed_before)

    # Nothing is left to send, and nothing was sent twice.
    assert sent(inbox) == []
    assert Message.objects.count() == Message.objects.sent().count() == 20 + 18 + 2 + 1
    assert story(client, twenty[0]) == [
        ("asked", "waiting"),
        "place-registered",
        ("approved", ""),
        ("confirmed", "confirmed"),
        "place-approved",
    ]
    assert story(client, two[0]) == [
        ("asked", "waiting"),
        "place-registered",
        ("declined", "declined"),
        "place-declined",
        ("undone", "waiting"),
        ("waits", "waiting"),
        "place-decline-undone",
    ]
    assert story(client, two[1])[-1] == "place-declined"


def story(client, delegation):
    """Tell the story as its page does, which names each mail's receiver and the officer."""
    page = client.get(address("meeting_desk_story", delegation.meeting_id, delegation.pk))
    happened, shown = page.context["story"], text_of(page)
    events = [one["event"] for one in happened if "event" in one]
    assert all(one["mail"].to in shown for one in happened if "mail" in one)
    assert shown.count("by Wang Li") == sum(event.actor is not None for event in events)
    assert [one["at"] for one in happened] == sorted(one["at"] for one in happened)
    return [
        (one["event"].kind, one["event"].place) if "event" in one else one["mail"].kind
        for one in happened
    ]


# ------------------------------------------------------------------ five places more


@pytest.fixture
def line():
    """Three places, all taken. In line: over the quota, six together, not approved, seven alone."""
    meeting = make.Meeting(title="Annual meeting", capacity=3, approval="officer", giving="offers")
    found = {"many": register(meeting, to="many@example.org", people=4)}
    places.set_quota(meeting, 3, institution=found["many"].institution)
    found["together"] = register(meeting, people=6, rule="all_together")
    found["unapproved"] = register(meeting)
    for n in range(7):
        found[n] = register(meeting, to=f"p{n}@example.org")
    for name, delegation in found.items():
        if name != "unapproved":
            places.approve(delegation)
    call_command("run_due")
    return found


def more_places(client, meeting, number):
    """Change the places; return the mails listed before, and those written."""
    numbers = {"capacity": Meeting.objects.get(pk=meeting.pk).capacity + number}
    page = address("meeting_places", meeting.pk)
    seen = client.post(page, numbers)
    written = Written()
    client.post(page, numbers | {"_confirmed": "1"})
    return listed(seen), written.as_announced()


def test_five_places_more_are_five_offers_in_order_and_skips_with_their_reasons(
    client, inbox, line
):
    meeting = line[0].meeting
    inbox.mails.clear()

    seen, written = more_places(client, meeting, 5)

    offers = Offer.objects.open().order_by("pk")
    assert [offer.delegate.delegation for offer in offers] == [line[n] for n in range(5)]
    skipped = PlaceEvent.objects.filter(kind="skipped").order_by("pk")
    assert [(event.delegation_id, event.reason, event.count) for event in skipped] == [
        (line["many"].pk, "quota", 1),
        *[(line["together"].pk, "together", 6)] * 6,
        (line["unapproved"].pk, "approval", 1),
    ]
    receivers = [f"p{n}@example.org" for n in range(5)]
    assert [to for to, *_ in sent(inbox)] == receivers
    for mails in (seen, written):
        assert [(kind, to) for kind, to, *_ in mails] == [("place-offered", to) for to in receivers]


def test_past_the_end_of_the_waiting_list_more_places_are_offered_to_nobody(client, inbox, line):
    meeting = line[0].meeting
    Meeting.objects.update(waiting_list_ends_at=timezone.now() - timedelta(minutes=1))
    inbox.mails.clear()

    seen, written = more_places(client, meeting, 5)

    meeting.refresh_from_db()
    assert (meeting.capacity, meeting.taken) == (8, 3)
    assert (seen, written) == ([], [])
    assert not Offer.objects.exists()
    assert sent(inbox) == []
