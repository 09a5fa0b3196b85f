"""A meeting's desk: numbers that open their lists, messages, the story of a delegation."""

import uuid

import pytest
from django.urls import reverse

from meetings import places
from meetings.office import messages
from secretariat.back_office import groups
from sscnet.outbox.models import Message
from tests import make
from tests.meetings.desk import register
from tests.pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("officer")]


def page(view, *args):
    return reverse(f"admin:meetings_meeting_{view}", args=args)


@pytest.fixture
def meeting():
    """Four places, of which all are taken; one person waits; a workshop of one place."""
    meeting = make.Meeting(title="Annual meeting", capacity=4)
    workshop = make.Workshop(meeting=meeting, title="Hydropower", capacity=1)
    register(meeting, to="first@example.org", people=2, workshops=[workshop])
    register(meeting, to="second@example.org", unnamed=1)
    register(meeting, to="third@example.org")
    register(make.Meeting(), people=3)
    return meeting


# ------------------------------------------------------------------ numbers


def test_every_number_and_group_is_what_it_is_called(client, meeting):
    context = client.get(page("desk", meeting.pk)).context
    (_meeting, places), (_workshop, at_workshop) = context["lines"]
    waits = context["figures"]
    for number in [*places, *at_workshop, *(figure.number for figure in waits)]:
        shown = client.get(number.address).context
        rows = shown["cl"].queryset.count() if "cl" in shown else shown["count"]
        assert rows == number.value, number.address
    assert [n.value for n in places] == [4, 0, 1, 0, 0]
    assert [n.value for n in at_workshop] == [1, 0, 1, 0, 0]
    assert [(str(one.label), one.number.value) for one in waits[-4:]] == [
        ("Waiting for approval", 0),
        ("Waiting for a place", 2),
        ("Waiting for a name", 1),
        ("Waiting for an answer to an offer", 0),
    ]

    expected = {
        "all": ["first", "second", "third"],
        "name": ["second"],
        "place": ["first", "third"],
        "confirmed": ["first", "second"],
        "sending": [],
    }
    found = {group: messages.receivers(meeting, group)[0] for group in expected}
    assert {
        group: [address.partition("@")[0] for _row, address in receivers]
        for group, receivers in found.items()
    } == expected


def test_every_page_opens_without_inline_style_for_those_who_may_see_who_comes(client, meeting):
    story = page("desk_story", meeting.pk, meeting.delegations.first().pk)
    for address in (page("desk", meeting.pk), page("desk_message", meeting.pk), story):
        for prefix in ("", "/zh-hans"):
            response = client.get(prefix + address)
            assert response.status_code == 200, address
            assert " style=" not in response.content.decode().partition("<main")[2], address

    pages = ("desk", "desk_message")
    assert {client.get(page(name, 999_999)).status_code for name in pages} == {404}
    client.force_login(make.Officer(group=groups.READER))
    assert {client.get(page(name, meeting.pk)).status_code for name in pages} == {403}
    client.force_login(make.Officer(group=groups.HELPER))
    assert client.get(page("desk", meeting.pk)).status_code == 200
    sent = client.post(page("desk_message", meeting.pk), words(_confirmed="1"))
    assert sent.status_code == 403
    assert not Message.objects.filter(kind=messages.KIND).exists()


# ------------------------------------------------------------------ messages


def words(**values):
    return {
        "group": "name",
        "subject": "Names, please",
        "subject_zh_hans": "请提供姓名",
        "text": "Dear colleagues of {institution},\n\nplease name everybody.",
        "text_zh_hans": "请填写所有姓名。",
        "sending": str(uuid.uuid4()),
    } | values


def test_a_message_is_shown_with_every_receiver_and_goes_as_it_was_written(client, meeting):
    before = Message.objects.count()
    shown = text_of(client.post(page("desk_message", meeting.pk), words()))
    assert "Names, please" in shown
    assert "请提供姓名" in shown
    assert "请填写所有姓名。" in shown
    assert "second@example.org" in shown
    assert "first@example.org" not in shown
    assert "1 email would be sent" in shown
    assert Message.objects.count() == before

    lonely = register(meeting, people=0, unnamed=1)
    shown = text_of(client.post(page("desk_message", meeting.pk), words()))
    assert f"{lonely.institution} ({lonely.reference})" in shown

    client.post(page("desk_message", meeting.pk), words(_confirmed="1"))
    client.post(page("desk_message", meeting.pk), words(_confirmed="1"))
    mails = Message.objects.filter(kind=messages.KIND)
    assert ["Dear colleagues of {institution}," in mail.text for mail in mails] == [True, True]


def test_a_message_goes_once_to_each_receiver_or_comes_back_with_everything_typed(client, meeting):
    wrong = {"group": "nobody", "text_zh_hans": "", "sending": "x", "subject": "x" * 999}
    for name, value in wrong.items():
        sent = words(_confirmed="1") | {name: value}
        response = client.post(page("desk_message", meeting.pk), sent)
        assert list(response.context["form"].errors) == [name]
        assert "please name everybody." in response.content.decode(), name
    assert not Message.objects.filter(kind=messages.KIND).exists()

    sent = words(group="submitted", _confirmed="1")
    for _ in range(2):
        client.post(page("desk_message", meeting.pk), sent)
    mails = Message.objects.filter(kind=messages.KIND)
    assert sorted(mails.values_list("to", flat=True)) == [
        "first@example.org",
        "second@example.org",
        "third@example.org",
    ]
    mail = mails.get(to="first@example.org")
    assert "Names, please" in mail.subject
    assert "请填写所有姓名。" in mail.text
    assert mail.about == meeting.delegations.first()


# ------------------------------------------------------------------ the story


def test_the_story_of_a_delegation_is_places_and_mails_in_one_line_of_time(client, officer):
    meeting = make.Meeting(title="Annual meeting")
    delegation = register(meeting, to="first@example.org")
    delegate = delegation.delegates.get()
    places.decline(delegate, actor=officer, reason="No passport.")
    places.undo(delegate, actor=officer)

    response = client.get(page("desk_story", meeting.pk, delegation.pk))

    told = [one.get("event", one.get("mail")).kind for one in response.context["story"]]
    assert told == [
        "asked",
        "declined",
        "place-declined",
        "undone",
        "confirmed",
        "place-decline-undone",
    ]
    assert str(officer) in text_of(response)
    assert "first@example.org" in text_of(response)


def test_the_delegation_leads_to_its_story_and_another_meeting_has_none_of_it(client, meeting):
    delegation = meeting.delegations.first()
    address = page("desk_story", meeting.pk, delegation.pk)

    form = client.get(reverse("admin:meetings_delegation_change", args=[delegation.pk]))

    assert address in form.content.decode()
    other = make.Meeting()
    assert client.get(page("desk_story", other.pk, delegation.pk)).status_code == 404
