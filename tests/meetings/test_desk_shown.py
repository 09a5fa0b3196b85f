"""Before an officer's deed is done, everybody and every mail of it is shown; then just that is."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from meetings import places
from meetings.models import ChangeRequest, Delegate, PlaceEvent
from meetings.places.mails import confirm_registrations
from sscnet.outbox.models import Message
from tests import make
from tests.meetings.desk import Written, act, address, listed, register, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("officer")]


@pytest.fixture(autouse=True)
def one_moment(monkeypatch):
    """Let the clock stand: mails name the hour until when an offer is to be answered."""
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)


@pytest.fixture
def meeting():
    """Three places as offers, and a workshop; three delegations wait for approval."""
    meeting = make.Meeting(title="Annual meeting", capacity=3, approval="officer")
    meeting.giving = "offers"
    meeting.save()
    workshop = make.Workshop(meeting=meeting, title="Hydropower", capacity=1)
    for name in ("first", "second", "third"):
        to, own = f"{name}@example.org", f"{name}.person@example.org"
        register(meeting, to=to, people=2, workshops=[workshop], email=own)
    return meeting


def all_states():
    return [
        list(Delegate.objects.order_by("pk").values_list("pk", "place", "reason", "line")),
        PlaceEvent.objects.count(),
        Message.objects.count(),
    ]


# ------------------------------------------------------------------ decisions


def test_people_are_decided_on_with_one_mail_and_no_change_tells_nobody(client, meeting):
    rows = Delegate.objects.filter(delegation=meeting.delegations.first())
    seen = listed(act(client, "delegate", "approve", *rows))
    written = Written()
    act(client, "delegate", "approve", *rows, _confirmed="1")
    assert [to for _kind, to, *_ in seen] == ["first@example.org", "first.person@example.org"]
    assert written.as_announced() == seen
    assert set(rows.values_list("place", flat=True)) == {"confirmed"}

    first, second, _third = meeting.delegations.all()

    undo = act(client, "delegation", "undo", first)
    approve = act(client, "delegation", "approve", first, second)
    assert f"{first}: Nothing was declined here." in text_of(undo)
    assert "Nobody is told by email." in text_of(undo)
    assert approve.context["unchanged"] == [first]


def test_approving_shows_every_person_and_the_mails_that_are_then_written(client, meeting):
    page = act(client, "delegation", "approve", *meeting.delegations.all())
    people = {
        events[0].delegate.pk: [e.place for e in events] for events in page.context["seen"].people
    }
    first, second, third = (d.delegates.all() for d in meeting.delegations.all())
    assert people == {
        first[0].pk: ["confirmed", "confirmed"],
        first[1].pk: ["confirmed", "waiting"],
        second[0].pk: ["confirmed", "waiting"],
        second[1].pk: ["waiting"],
        third[0].pk: ["waiting"],
        third[1].pk: ["waiting"],
    }
    for person in [*first, *second, *third]:
        assert f"{person}, {person.delegation.institution}" in text_of(page)

    rows = meeting.delegations.all()
    before = all_states()

    seen = listed(act(client, "delegation", "approve", *rows))

    assert all_states() == before
    # Three places: to the people of the first, and one of the second.
    assert [(kind, to) for kind, to, _subject, _text in seen] == [
        ("place-approved", "first@example.org"),
        ("place-yours", "first.person@example.org"),
        ("place-approved", "second@example.org"),
        ("place-yours", "second.person@example.org"),
        ("place-approved", "third@example.org"),
        ("place-yours", "third.person@example.org"),
    ]
    written = Written()
    act(client, "delegation", "approve", *rows, _confirmed="1")
    assert written.as_announced() == seen


def test_declining_asks_for_the_reason_then_lists_mails_with_it_and_writes_them(client, meeting):
    for delegation in meeting.delegations.all():
        places.approve(delegation)
    row = meeting.delegations.first()

    asked = act(client, "delegation", "decline", row)
    page = act(client, "delegation", "decline", row, _decision="1", reason="No <passport>.")
    seen = listed(page)

    assert "seen" not in asked.context
    assert "_confirmed" not in asked.content.decode()
    # Two places at the meeting and one at the workshop are free: who waits is offered them.
    assert [(kind, to) for kind, to, *_ in seen] == [
        ("place-declined", "first@example.org"),
        ("place-ended-yours", "first.person@example.org"),
        ("place-offered", "second@example.org"),
        ("place-yours", "second.person@example.org"),
        ("place-offered", "third@example.org"),
        ("place-yours", "third.person@example.org"),
    ]
    assert "Reason: No <passport>." in seen[0][-1]
    written = Written()
    act(client, "delegation", "decline", row, _confirmed="1", reason="No <passport>.")
    assert written.as_announced() == seen


def test_a_reason_typed_later_is_shown_before_it_is_sent(client, meeting):
    row = meeting.delegations.first()
    shown = act(client, "delegation", "decline", row, _decision="1", reason="One.").text
    assert shown.count('method="post"') == 2
    assert '<input type="hidden" name="seen_reason" value="One.">' in shown
    written = Written()
    again = act(
        client, "delegation", "decline", row, _confirmed="1", reason="Two.", seen_reason="One."
    )
    assert "Reason: Two." in listed(again)[0][-1]
    assert written.as_announced() == []


def test_undoing_and_words_with_an_approval_list_the_mails_that_are_then_written(client, meeting):
    row = meeting.delegations.first()
    sent = {"reason": "Bring a poster."}
    seen = listed(act(client, "delegation", "approve", row, _decision="1", **sent))
    written = Written()
    act(client, "delegation", "approve", row, _confirmed="1", **sent)
    assert "Bring a poster." in seen[0][-1]
    assert written.as_announced() == seen

    places.decline(row, reason="Why")
    seen = listed(act(client, "delegation", "undo", row))
    written = Written()
    act(client, "delegation", "undo", row, _confirmed="1")
    assert [(kind, to) for kind, to, *_ in seen] == [
        ("place-decline-undone", "first@example.org"),
        ("place-yours", "first.person@example.org"),
    ]
    assert written.as_announced() == seen


def test_who_is_passed_over_several_times_is_named_once(client):
    meeting = make.Meeting(capacity=2)
    rows = [register(meeting), register(meeting)]
    together = register(meeting, people=3, rule="all_together")

    page = act(client, "delegation", "decline", *rows, _decision="1", reason="Why")

    skipped = page.context["seen"].skipped
    assert [event.delegate for event in skipped] == list(together.delegates.all())


@pytest.mark.parametrize("change", ["withdraw", "add"])
def test_answering_a_change_asked_for_lists_its_mails(client, meeting, change, monkeypatch):
    delegation = meeting.delegations.first()
    places.approve(delegation)
    if change == "add":
        make.Delegate(delegation=delegation, position=9)
    confirm_registrations()
    later = timezone.now() + timedelta(hours=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    person = delegation.delegates.first() if change == "withdraw" else None
    asked = ChangeRequest.objects.create(delegation=delegation, delegate=person, change=change)

    seen = listed(act(client, "changerequest", "accept", asked))
    written = Written()
    act(client, "changerequest", "accept", asked, _confirmed="1")
    confirm_registrations()

    assert seen
    assert sorted(written.as_announced()) == sorted(seen)


def test_more_than_fifty_rows_are_not_decided_on_at_once(client, meeting):
    for _ in range(49):
        make.Delegate(delegation=meeting.delegations.first())
    rows = Delegate.objects.all()

    response = act(client, "delegate", "approve", *rows, _confirmed="1")

    assert "Choose at most 50 rows at a time." in text_of(client.get(response["Location"]))
    assert not Delegate.objects.taken().exists()


def test_many_mails_are_shown_page_by_page_and_sent_to_all(client):
    meeting = make.Meeting(capacity=100, approval="officer")
    rows = [register(meeting, to=f"p{n}@example.org") for n in range(26)]
    seen = listed(act(client, "delegation", "approve", *rows))
    seen += listed(act(client, "delegation", "approve", *rows, _decision="1", mails="2"))
    assert len(seen) == 26
    written = Written()
    act(client, "delegation", "approve", *rows, _confirmed="1")
    assert written.as_announced() == seen

    page = address("meeting_desk_message", meeting.pk)
    sent = words(group="all")
    seen = listed(client.post(page, sent)) + listed(client.post(page, sent | {"mails": "2"}))
    written = Written()
    client.post(page, sent | {"_confirmed": "1"})
    assert len(seen) == 26
    assert written.as_announced() == seen


# ------------------------------------------------------------------ numbers of places


@pytest.fixture
def queue():
    """One place, as offers; four delegations wait for it."""
    meeting = make.Meeting(title="Annual meeting", capacity=1, giving="offers")
    for name in ("has", "one", "two", "three", "four"):
        register(meeting, to=f"{name}@example.org")
    return meeting


def test_more_places_list_the_offers_that_are_then_made(client, queue):
    page = address("meeting_places", queue.pk)

    seen = listed(client.post(page, {"capacity": 3}))
    written = Written()
    client.post(page, {"capacity": 3, "_confirmed": "1"})

    assert [(kind, to) for kind, to, *_ in seen] == [
        ("place-offered", "one@example.org"),
        ("place-offered", "two@example.org"),
    ]
    assert written.as_announced() == seen


# ------------------------------------------------------------------ messages and lists


def words(**values):
    return {
        "group": "place",
        "subject": "Patience, please",
        "subject_zh_hans": "请耐心等待",
        "text": "You are still in line.",
        "text_zh_hans": "您仍在候补名单上。",
        "sending": "7a3c7c3e-5dd3-4bb2-9c43-0d5b8ed0a9a1",
    } | values


def test_a_message_to_a_group_or_who_was_chosen_lists_each_mail_then_written(client, queue):
    chosen = queue.delegations.order_by("pk")[1:3]
    response = act(client, "delegation", "write", *chosen)
    form = client.get(response["Location"]).context["form"]
    sent = words(group=form["group"].value(), chosen=form["chosen"].value())
    seen = listed(client.post(response["Location"], sent))
    assert [to for _kind, to, *_ in seen] == ["one@example.org", "two@example.org"]

    page = address("meeting_desk_message", queue.pk)
    seen = listed(client.post(page, words()))
    written = Written()
    client.post(page, words(_confirmed="1"))
    assert [to.partition("@")[0] for _kind, to, *_ in seen] == ["one", "two", "three", "four"]
    assert written.as_announced() == seen

    draft = make.Delegation(meeting=queue)
    response = act(client, "delegation", "write", draft)
    assert f"chosen={draft.pk}" in response["Location"]
    assert reverse("admin:meetings_meeting_desk_message", args=[queue.pk]) in response["Location"]


def test_rows_of_two_meetings_are_not_written_to_at_once(client, queue):
    other = register(make.Meeting())
    response = act(client, "delegation", "write", queue.delegations.first(), other)
    said = text_of(client.get(response["Location"]))
    assert "Choose rows of one meeting only." in said


def test_a_desk_opened_for_rows_that_are_not_there_shows_nobody(client, queue):
    message = address("meeting_desk_message", queue.pk)
    for value in ("x", "0", "9" * 40, "-1"):
        assert client.get(message, {"chosen": value}).status_code == 200, value
        sent = client.post(message, words(group="chosen", chosen=value))
        assert sent.status_code == 200
        assert sent.context["form"].errors, value
