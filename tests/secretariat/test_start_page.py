"""What waits for an officer: each number on the admin's start page opens exactly its list."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from meetings import places
from meetings.models import ChangeRequest, Meeting, SpeakerPaper
from secretariat import groups
from secretariat.start_page import SECTIONS
from sscnet.core.models import ProposedVersion, State
from sscnet.outbox.models import Message
from tests.factories import (
    CallFactory,
    DelegateFactory,
    DelegationFactory,
    EnquiryFactory,
    InstitutionFactory,
    MeetingFactory,
    MemberFactory,
    PageFactory,
    ProjectFactory,
    ProjectSDGFactory,
    ProposalFactory,
    ReadingFactory,
    UserFactory,
)
from tests.secretariat.test_groups import member_of

pytestmark = pytest.mark.django_db

START = "/admin/"


@pytest.fixture
def officer(client):
    user = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


def numbers(response):
    return {
        str(number.label): number
        for _section, rows in response.context["sections"]
        for number in rows
    }


def list_of(client, number):
    """Give the keys of the list that a number opens, in its order; its filters must be taken."""
    response = client.get(number.address)
    assert response.status_code == 200, number.address
    return [row.pk for row in response.context["cl"].queryset]


def chinese_left_behind(record, name="title"):
    """Change the English of a record that has both languages."""
    setattr(record, f"{name}_zh_hans", "中文")
    setattr(record, name, "English")
    record.save()
    setattr(record, name, "Newer English")
    record.save()
    return record


def register(meeting, people=1, **values):
    delegation = DelegationFactory(meeting=meeting, **values)
    for n in range(people):
        DelegateFactory(delegation=delegation, position=n)
    DelegateFactory(delegation=delegation, to_be_named=True, family_name="", given_names="")
    places.submit(delegation)
    return delegation


def make_everything_wait():
    """Make for each row some that wait, and some beside them that do not."""
    records = {
        ProjectFactory: "title",
        InstitutionFactory: "description",
        MeetingFactory: "title",
        PageFactory: "title",
        CallFactory: "title",
    }
    for factory, name in records.items():
        factory.create_batch(2, state=State.READY)
        chinese_left_behind(factory(), name)
        factory(state=State.WITHDRAWN)
        for state in ("waiting", "returned"):
            ProposedVersion.objects.create(
                record=factory(), state=state, decided_at=timezone.now(), changes=[]
            )
    ProjectSDGFactory(reason="")
    ProjectSDGFactory(reason="It brings clean water.")
    MemberFactory(name_zh_hans="竹子中心", profile_confirmed_on=timezone.localdate())
    MemberFactory(profile_confirmed_on=timezone.localdate() - timedelta(days=400))
    EnquiryFactory(due_on=timezone.localdate() - timedelta(days=3))
    ProjectFactory(state="ready", is_sample=True)
    EnquiryFactory()
    mail = {"kind": "x", "to": "a@example.org", "next_try_at": timezone.now()}
    Message.objects.create(key="failed", failed_at=timezone.now(), **mail)
    Message.objects.create(key="waits", **mail)

    proposals = ProposalFactory.create_batch(3, call__binding_rules=[], state="received")
    ReadingFactory(proposal=proposals[0])
    ReadingFactory(proposal=proposals[1], has_conflict=False, finished_at=timezone.now())
    ProposalFactory()
    long_ago, now = timezone.localdate() - timedelta(days=99), timezone.now()
    proposals[0].reports_due.create(kind="final", due_on=long_ago)
    proposals[0].reports_due.create(kind="progress", due_on=long_ago)
    proposals[1].reports_due.create(kind="final", due_on=long_ago, uploaded_at=now)
    proposals[2].reports_due.create(kind="final", due_on=timezone.localdate())

    action_points = MeetingFactory().action_points
    action = {"text": "Send the list", "institution": proposals[0].institution}
    action_points.create(due_on=long_ago, **action)
    action_points.create(due_on=long_ago, state="done", **action)
    action_points.create(due_on=long_ago, **action).reports.create(words="It was sent.")

    statements = MeetingFactory(kind="exchange_visit").visit_statements
    by_side = {"kind": "report", "institution": proposals[0].institution}
    statements.create(returned_at=now, **by_side)
    statements.create(text="It went well.", **by_side)
    item = MeetingFactory().agenda_items.create(day=long_ago, title="Bamboo")
    link = item.speaker_links.create(name="Li Wei")
    SpeakerPaper.objects.bulk_create([SpeakerPaper(link=link, file="documents/a.pdf", size=1)])

    by_officer = MeetingFactory(approval="officer", asks_for_letter=True)
    delegation = register(by_officer, people=2)
    ChangeRequest.objects.create(delegation=delegation, change="withdraw")
    ChangeRequest.objects.create(delegation=delegation, change="withdraw", state="refused")
    offers = MeetingFactory(capacity=2, giving="offers")
    first, _second = register(offers), register(offers)
    places.withdraw(first.delegates.first())
    long_over = MeetingFactory(approval="officer", asks_for_letter=True)
    register(long_over)
    day = timezone.localdate() - timedelta(days=60)
    Meeting.objects.filter(pk=long_over.pk).update(starts_on=day, ends_on=day, year=day.year)


@pytest.mark.parametrize("prefix", ["", "/zh-hans"])
def test_every_number_is_the_number_of_results_of_the_list_it_opens(client, officer, prefix):
    make_everything_wait()

    found = numbers(client.get(prefix + START))

    assert len(found) == sum(len(section.rows) for section in SECTIONS), "each row has something"
    assert {label: len(list_of(client, n)) for label, n in found.items()} == {
        label: n.count for label, n in found.items()
    }


def test_numbers_leave_out_what_does_not_wait(client, officer):
    make_everything_wait()

    found = {label: number.count for label, number in numbers(client.get(START)).items()}

    # The sample that waits too is nobody's work.
    assert found["Projects ready to publish"] == 2
    assert found["Questions overdue"] == 1
    assert found["Mails that failed"] == 1
    assert found["Action points reported as done"] == 1
    assert found["Action points overdue"] == 1
    assert found["Texts on exchange visits to release"] == 1
    assert found["Papers of speakers to release"] == 1
    assert found["People to approve"] == 3
    assert found["Requested changes"] == 1
    assert found["Nomination letters missing"] == 1
    assert found["Offers not answered"] == 1
    assert found["Projects with a goal and no reason for it"] == 1
    assert found["Projects whose Chinese is older than the English"] == 1


def test_the_lists_begin_with_the_oldest(client, officer):
    records = [ProjectFactory(state=State.READY) for _ in range(3)]
    type(records[0]).objects.filter(pk=records[0].pk).update(note="Touched last.")
    found = numbers(client.get(START))

    in_order = list_of(client, found["Projects ready to publish"])

    assert in_order == [records[1].pk, records[2].pk, records[0].pk]


def test_people_to_approve_are_listed_by_when_they_were_registered(client, officer):
    meeting = MeetingFactory(approval="officer")
    later, sooner = register(meeting), register(meeting)
    type(sooner).objects.filter(pk=sooner.pk).update(
        submitted_at=timezone.now() - timedelta(days=2)
    )

    in_order = list_of(client, numbers(client.get(START))["People to approve"])

    assert set(in_order[:2]) == set(sooner.delegates.values_list("pk", flat=True))
    assert set(in_order[2:]) == set(later.delegates.values_list("pk", flat=True))


def test_the_chinese_is_older_until_somebody_changes_it(client, officer):
    project = chinese_left_behind(ProjectFactory(), "summary")
    label = "Projects whose Chinese is older than the English"
    assert numbers(client.get(START))[label].count == 1

    project.summary_zh_hans = "新的中文"
    project.save()

    assert label not in numbers(client.get(START))


def test_a_translation_that_came_first_is_not_older(client, officer):
    project = ProjectFactory(summary="", summary_zh_hans="中文在先")
    project.summary = "Then the English"
    project.save()

    assert "Projects whose Chinese is older than the English" not in numbers(client.get(START))


def test_the_page_takes_at_most_15_queries_however_much_waits(client):
    client.force_login(member_of(groups.PUBLISHERS))
    make_everything_wait()
    client.get(START)

    with CaptureQueriesContext(connection) as queries:
        response = client.get(START)

    assert len(numbers(response)) > 20
    assert len(queries) <= 15


def test_each_officer_sees_what_he_or_she_may_do(client):
    make_everything_wait()

    client.force_login(member_of(groups.EDITORS))
    editors = numbers(client.get(START))
    client.force_login(member_of(groups.READ_ONLY))
    readers = client.get(START)

    assert "Projects without an outcome" in editors
    assert "Projects ready to publish" not in editors
    assert "People to approve" not in editors
    assert "Mails that failed" not in editors
    assert numbers(readers) == {}
    assert "Nothing is waiting for you." in readers.content.decode()


def test_every_number_an_officer_sees_opens_its_list(client):
    make_everything_wait()

    for group in (groups.EDITORS, groups.PUBLISHERS):
        client.force_login(member_of(group))
        for number in numbers(client.get(START)).values():
            assert len(list_of(client, number)) == number.count


def test_offers_are_a_list_to_look_at(client, officer):
    make_everything_wait()
    address = reverse("admin:meetings_offer_changelist")

    page = client.get(address, {"q": "Family"}).content.decode()

    assert "not answered yet" in page
    assert client.get(reverse("admin:meetings_offer_add")).status_code == 403
