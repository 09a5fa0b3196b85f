"""A meeting's desk: numbers that open their lists, messages, the story of a delegation."""

import uuid

import pytest
from django.urls import reverse

from meetings import places
from meetings.models import Delegate
from meetings.office import messages
from secretariat.back_office import groups
from sscnet.outbox.models import Message
from tests import make
from tests.pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("officer")]


def page(view, *args):
    return reverse(f"admin:meetings_meeting_{view}", args=args)


def registered(meeting, people=1, unnamed=0, workshop=None, email=None):
    institution = make.Institution()
    if email:
        make.Affiliation(institution=institution, user__email=email)
    delegation = make.Delegation(meeting=meeting, institution=institution)
    workshops = [workshop] if workshop else []
    for n in range(people):
        make.Delegate(delegation=delegation, position=n, workshops=workshops)
    for _ in range(unnamed):
        make.Delegate(delegation=delegation, family_name="", given_names="", to_be_named=True)
    places.submit(delegation)
    return delegation


@pytest.fixture
def meeting():
    """Four places, of which all are taken; one person waits; a workshop of one place."""
    meeting = make.Meeting(title="Annual meeting", capacity=4)
    workshop = make.Workshop(meeting=meeting, title="Hydropower", capacity=1)
    registered(meeting, 2, workshop=workshop, email="first@example.org")
    registered(meeting, 1, unnamed=1, email="second@example.org")
    registered(meeting, 1, email="third@example.org")
    registered(make.Meeting(), 3)
    return meeting


# ------------------------------------------------------------------ numbers


def test_every_number_opens_a_list_of_as_many_rows(client, meeting):
    context = client.get(page("desk", meeting.pk)).context
    numbers = [number for line in context["lines"] for number in line.numbers]
    numbers += [figure.number for figure in [*context["delegations"], *context["waits"]]]

    rows = [client.get(number.address).context["cl"].queryset.count() for number in numbers]

    assert rows == [number.value for number in numbers]
    assert [n.value for n in context["lines"][0].numbers] == [4, 0, 1, 0, 0]
    assert [n.value for n in context["lines"][1].numbers] == [1, 0, 1, 0, 0]


def test_the_desk_finds_people_of_this_meeting_only(client, meeting):
    shown = text_of(client.get(page("desk", meeting.pk)))
    person = Delegate.objects.filter(delegation__meeting=meeting).first()
    address = reverse("admin:meetings_delegate_changelist")
    found = client.get(
        address, {"delegation__meeting__id__exact": meeting.pk, "q": person.family_name}
    )

    assert f'name="delegation__meeting__id__exact" value="{meeting.pk}"' in shown
    assert list(found.context["cl"].queryset) == [person]


@pytest.mark.parametrize("prefix", ["", "/zh-hans"])
def test_every_page_of_the_desk_opens_without_inline_style(client, meeting, prefix):
    delegation = meeting.delegations.first()
    pages = [
        page("desk", meeting.pk),
        page("desk_message", meeting.pk),
        page("desk_story", meeting.pk, delegation.pk),
    ]

    for address in pages:
        response = client.get(prefix + address)
        assert response.status_code == 200
        assert " style=" not in response.content.decode().partition("<main")[2]


@pytest.mark.parametrize("name", ["desk", "desk_message"])
def test_the_desk_is_for_those_who_may_see_who_comes(client, meeting, name):
    assert client.get(page(name, 999_999)).status_code == 404
    client.force_login(make.Officer(group=groups.READ_ONLY))
    assert client.get(page(name, meeting.pk)).status_code == 403


# ------------------------------------------------------------------ messages


def words(**values):
    return {
        "group": "names",
        "subject": "Names, please",
        "subject_zh_hans": "请提供姓名",
        "text": "Dear colleagues of {institution},\n\nplease name everybody.",
        "text_zh_hans": "请填写所有姓名。",
        "sending": str(uuid.uuid4()),
    } | values


def test_a_message_shows_both_languages_and_every_receiver_and_sends_nothing_yet(client, meeting):
    before = Message.objects.count()

    shown = text_of(client.post(page("desk_message", meeting.pk), words()))

    assert "Names, please" in shown
    assert "请提供姓名" in shown
    assert "请填写所有姓名。" in shown
    assert "second@example.org" in shown
    assert "first@example.org" not in shown
    assert "1 email would be sent" in shown
    assert Message.objects.count() == before


def test_a_message_goes_once_to_each_receiver_however_often_it_is_sent(client, meeting):
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


def test_what_an_officer_writes_fills_in_nothing(client, meeting):
    client.post(page("desk_message", meeting.pk), words(_confirmed="1"))

    assert "Dear colleagues of {institution}," in Message.objects.get(kind=messages.KIND).text


def test_another_sending_is_another_mail(client, meeting):
    client.post(page("desk_message", meeting.pk), words(_confirmed="1"))
    client.post(page("desk_message", meeting.pk), words(_confirmed="1"))

    assert Message.objects.filter(kind=messages.KIND).count() == 2


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("all", ["first", "second", "third"]),
        ("names", ["second"]),
        ("waiting", ["third"]),
        ("confirmed", ["first", "second"]),
        ("draft", []),
        ("letter", []),
    ],
)
def test_groups_are_what_they_are_called(meeting, group, expected):
    found, _nobody = messages.receivers(meeting, group)

    assert [receiver.address.partition("@")[0] for receiver in found] == expected


def test_institutions_without_anybody_to_write_to_are_named(client, meeting):
    lonely = registered(meeting, 0, unnamed=1)

    shown = text_of(client.post(page("desk_message", meeting.pk), words()))

    assert f"{lonely.institution} ({lonely.reference})" in shown


@pytest.mark.parametrize(
    "wrong", [{"group": "nobody"}, {"text_zh_hans": ""}, {"sending": "x"}, {"subject": "x" * 999}]
)
def test_a_message_that_cannot_be_sent_comes_back_with_everything_typed(client, meeting, wrong):
    sent = words(_confirmed="1") | wrong

    response = client.post(page("desk_message", meeting.pk), sent)

    assert list(response.context["form"].errors) == list(wrong)
    assert "please name everybody." in response.content.decode()
    assert not Message.objects.filter(kind=messages.KIND).exists()


def test_who_may_not_decide_writes_to_nobody(client, meeting):
    client.force_login(make.Officer(group=groups.EDITORS))

    assert client.get(page("desk", meeting.pk)).status_code == 200
    sent = client.post(page("desk_message", meeting.pk), words(_confirmed="1"))

    assert sent.status_code == 403
    assert not Message.objects.filter(kind=messages.KIND).exists()


# ------------------------------------------------------------------ the story


def test_the_story_of_a_delegation_is_places_and_mails_in_one_line_of_time(client, officer):
    meeting = make.Meeting(title="Annual meeting")
    delegation = registered(meeting, 1, email="first@example.org")
    delegate = delegation.delegates.get()
    places.decline(delegate, actor=officer, reason="No passport.")
    places.undo(delegate, actor=officer)

    response = client.get(page("desk_story", meeting.pk, delegation.pk))

    told = [h.event.kind if h.event else h.mail.kind for h in response.context["story"]]
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
