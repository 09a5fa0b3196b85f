"""Today, the admin's start page: what waits for whom, and each number opens exactly its list."""

import re
from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse
from django.utils import timezone, translation

from meetings import places
from meetings.models import ChangeRequest, Meeting
from members.models import User
from secretariat.back_office import groups, handbook, menu
from secretariat.back_office.today import sections
from secretariat.models import Request
from secretariat.requests import handling, votes
from sscnet.core.models import ProposedVersion, State
from sscnet.outbox.models import Message
from tests import make
from tests.meetings.pages import days_from_now
from tests.pages import text_of

pytestmark = pytest.mark.django_db

START = "/admin/"


@pytest.fixture(scope="module", autouse=True)
def everything_waits(django_db_setup, django_db_blocker):
    """Make for each row some that wait, and some beside them that do not, once for all tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_everything_wait()
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def today(everything_waits, django_db_blocker):
    """The page as one sees it who may do everything, opened once."""
    with django_db_blocker.unblock(), translation.override("en"):
        client = Client()
        client.force_login(make.Administrator())
        return client.get(START)


def numbers(response):
    return {
        str(number.label): number
        for _section, rows in response.context["sections"]
        for number in rows
    }


def count(label):
    """Give how many wait in a row, without the page."""
    [row] = [row for section in sections() for row in section.rows if row.label == label]
    request = RequestFactory().get(START)
    request.user = User.objects.administrators().first() or make.Administrator()
    return row.found(request).count()


def list_of(client, number):
    """Give the keys of the list that a number opens, in its order; its filters must be taken."""
    response = client.get(number.address)
    assert response.status_code == 200, number.address
    return keys_in(response.context)


def keys_in(context):
    if "due" in context:
        return [one["meeting"].pk for one in context["due"]]
    return [row.pk for row in context["cl"].queryset]


def found_by(user, number):
    """Give the keys of the list without writing its page, which takes ten times as long."""
    request = RequestFactory().get(number.address)
    request.user = user
    view = resolve(request.path)
    return keys_in(view.func(request, **view.kwargs).context_data)


def chinese_left_behind(record, name="title"):
    """Change the English of a record that has both languages."""
    setattr(record, f"{name}_zh_hans", "中文")
    setattr(record, name, "English")
    record.save()
    setattr(record, name, "Newer English")
    record.save()
    return record


def register(meeting, people=1, **values):
    delegation = make.Delegation(meeting=meeting, **values)
    for n in range(people):
        make.Delegate(delegation=delegation, position=n)
    make.Delegate(delegation=delegation, to_be_named=True, family_name="", given_names="")
    places.submit(delegation)
    return delegation


def days_ago(n):
    return timezone.now() - timedelta(days=n)


def make_everything_wait():
    records = {
        make.Project: "title",
        make.Institution: "description",
        make.Meeting: "title",
        make.Page: "title",
        make.Call: "title",
    }
    for factory, name in records.items():
        factory.create_batch(2, state=State.READY)
        chinese_left_behind(factory(), name)
        factory(state=State.WITHDRAWN)
        for state in ("waiting", "returned"):
            ProposedVersion.objects.create(
                record=factory(), state=state, decided_at=timezone.now(), changes=[]
            )
    make.ProjectSDG(reason="")
    make.ProjectSDG(reason="It brings clean water.")
    make.Member(name_zh_hans="竹子中心", profile_confirmed_on=timezone.localdate())
    make.Member(profile_confirmed_on=timezone.localdate() - timedelta(days=400))
    make.Enquiry(due_on=timezone.localdate() - timedelta(days=3), asked_at=days_ago(17))
    make.Project(state="ready", is_sample=True)
    make.Enquiry.create_batch(2, asked_at=days_ago(1))
    make.Enquiry(state="passed_on", passed_to=make.Institution())
    make.Invitation(expires_at=days_ago(2))
    make.Invitation()
    make.Invitation(needs_confirmation=True)
    mail = {"kind": "x", "to": "a@example.org", "next_try_at": timezone.now()}
    Message.objects.create(key="failed", failed_at=timezone.now(), **mail)
    Message.objects.create(key="waits", **mail)

    proposals = make.Proposal.create_batch(3, call__binding_rules=[], state="received")
    make.Reading(proposal=proposals[0])
    make.Reading(proposal=proposals[1], has_conflict=False, finished_at=timezone.now())
    make.Proposal()
    for state in ("cleared", "at_fund", "recommended", "approved"):
        make.Proposal(call__binding_rules=[], state=state)
    long_ago, now = timezone.localdate() - timedelta(days=99), timezone.now()
    proposals[0].reports_due.create(kind="final", due_on=long_ago)
    proposals[0].reports_due.create(kind="progress", due_on=long_ago)
    proposals[1].reports_due.create(kind="final", due_on=long_ago, uploaded_at=now)
    proposals[2].reports_due.create(kind="final", due_on=timezone.localdate())

    action_points = make.Meeting().action_points
    action = {"text": "Send the list", "institution": proposals[0].institution}
    action_points.create(due_on=long_ago, **action)
    action_points.create(due_on=long_ago, state="done", **action)

    make_votes_wait()

    slip = {"slip_due_on": timezone.localdate()}
    by_officer = make.Meeting(approval="officer", **slip, **days_from_now(30))
    delegation = register(by_officer, people=2)
    ChangeRequest.objects.create(delegation=delegation, change="withdraw")
    ChangeRequest.objects.create(delegation=delegation, change="withdraw", state="refused")
    offers = make.Meeting(capacity=2, giving="offers")
    first, _second = register(offers), register(offers)
    places.withdraw(first.delegates.first())
    make.Delegation()
    long_over = make.Meeting(approval="officer", **slip)
    register(long_over)
    day = timezone.localdate() - timedelta(days=60)
    days = {"starts_on": day, "ends_on": day, "year": day.year, "retain_until": day}
    Meeting.objects.filter(pk=long_over.pk).update(**days)


def make_votes_wait():
    """Make a carried vote whose candidate is not admitted, and one with a vote on paper."""
    officer, ends = make.Officer(), timezone.now() + timedelta(days=1)
    for n in range(2):
        candidate = make.Institution(name=f"Candidate {n}")
        vote = Request.objects.create(
            title="Vote", rule="half", closes_at=ends, candidate=candidate
        )
        vote.questions.create(kind="choice", text="Agreed?", choices="Yes\nNo\nAbstain")
        responses = votes.open_vote(vote, 0, officer)
        if n:
            slip = SimpleUploadedFile("slip.pdf", b"%PDF-1.4\nstartxref\n9\n%%EOF\n")
            votes.enter_paper_vote(responses[0], 1, slip, officer)
            continue
        for response in responses:
            votes.cast(response, 1, make.User())
        handling.close(vote)


# ------------------------------------------------------------------ numbers and their lists


def test_every_number_is_the_number_of_results_of_the_list_it_opens(today):
    found = numbers(today)

    assert len(found) == sum(len(section.rows) for section in sections()), "each row has something"
    assert {label: len(found_by(today.wsgi_request.user, n)) for label, n in found.items()} == {
        label: n.count for label, n in found.items()
    }


def test_chinese_shows_the_same_numbers_and_who_is_waited_for(client, officer, today):
    english = today.context["sections"]
    response = client.get("/zh-hans" + START)

    chinese = response.context["sections"]
    assert [row.count for _s, rows in chinese for row in rows] == [
        row.count for _s, rows in english for row in rows
    ]
    assert "等待录入人员" in client.get("/zh-hans/admin/waiting/").content.decode()


def test_the_start_page_has_at_most_40_links_however_much_waits(client):
    for n in range(3):
        make.Meeting(
            approval="officer", capacity=9, title=f"No. {n}", **days_from_now(30 + n, 31 + n)
        )
    client.force_login(make.Officer(group=groups.OFFICER))
    for start in (START, "/zh-hans" + START):
        page = client.get(start).content.decode()
        assert 20 < page.count("<a ") <= 40

    everything = client.get(reverse("admin:waiting")).content.decode()
    assert everything.count('class="waits-for') == 5


def test_an_empty_list_says_what_it_is_for(client, officer):
    page = client.get("/zh-hans/admin/members/invitation/").content.decode()

    assert "邀请" in page
    labels = {model._meta.label_lower for model in admin.site._registry}
    shown = {label for label in labels if not label.startswith(menu.CODE_LISTS)}
    told = {*menu.PURPOSES, "outbox.wordingoverride"}
    assert shown <= told


def test_numbers_leave_out_what_does_not_wait(today):
    found = {label: number.count for label, number in numbers(today).items()}

    expected = {
        # The sample that waits too is nobody's work.
        "Projects ready to publish": 2,
        "Questions overdue": 1,
        "New questions": 2,
        "Questions passed on, not answered": 1,
        "Mails that failed": 1,
        "Invitations that nobody accepted in time": 1,
        "Action points overdue": 1,
        "Proposals to send to the Fund": 1,
        "Proposals at the Fund": 2,
        "People to approve": 3,
        "People on waiting lists": 1,
        "Registrations started, not submitted": 1,
        "Requested changes": 1,
        "Return slips missing": 1,
        "Offers not answered": 1,
        "Projects with a goal and no reason for it": 1,
        "Projects whose Chinese is older than the English": 1,
    }
    assert {label: found[label] for label in expected} == expected


def test_each_says_since_when_and_for_whom_it_waits_the_oldest_first(today):
    shown = today.context["sections"]

    waiting = [rows for section, rows in shown if section.name != "gaps"]
    assert all(row.waits_for and row.since for rows in waiting for row in rows)
    for rows in waiting:
        days = [row.since for row in rows]
        assert days == sorted(days)
    found = {str(row.label): row for rows in waiting for row in rows}
    overdue = found["Questions overdue"]
    assert (str(overdue.waits_for), overdue.since) == (
        "Helper",
        timezone.localdate() - timedelta(days=17),
    )
    assert str(found["Reports overdue"].waits_for) == "the institution"
    assert found["Reports overdue"].since == timezone.localdate() - timedelta(days=99)


def test_the_lists_begin_with_the_oldest(client, officer):
    meeting = make.Meeting(approval="officer")
    later, sooner = register(meeting), register(meeting)
    type(sooner).objects.filter(pk=sooner.pk).update(submitted_at=days_ago(2))
    records = [make.Project(state=State.READY) for _ in range(3)]
    type(records[0]).objects.filter(pk=records[0].pk).update(note="Touched last.")
    found = numbers(client.get(START))

    in_order = list_of(client, found["Projects ready to publish"])
    assert in_order[-3:] == [records[1].pk, records[2].pk, records[0].pk]

    # People to approve by when they were registered.
    in_order = list_of(client, found["People to approve"])
    assert set(in_order[:2]) == set(sooner.delegates.values_list("pk", flat=True))
    assert set(in_order[-2:]) == set(later.delegates.values_list("pk", flat=True))


def test_who_waits_for_a_workshop_alone_is_on_a_waiting_list_too(client, officer):
    before = count("People on waiting lists")
    workshop = make.Workshop(capacity=1)
    places.submit(make.Delegation(meeting=workshop.meeting, people=2, people__workshops=[workshop]))

    number = numbers(client.get(START))["People on waiting lists"]

    assert number.count == before + 1
    assert len(list_of(client, number)) == number.count


def test_the_chinese_is_older_until_somebody_changes_it_and_not_where_it_came_first():
    label = "Projects whose Chinese is older than the English"
    before = count(label)
    project = chinese_left_behind(make.Project(), "summary")
    assert count(label) == before + 1

    project.summary_zh_hans = "新的中文"
    project.save()
    assert count(label) == before

    project = make.Project(summary="", summary_zh_hans="中文在先")
    project.summary = "Then the English"
    project.save()

    assert count(label) == before


def test_a_reader_sees_what_is_to_be_read(client):
    reading = make.Reading(
        reader=make.Officer(group=groups.READER), proposal__call__binding_rules=[]
    )
    client.force_login(reading.reader)

    found = numbers(client.get(START))

    assert {label: number.count for label, number in found.items()} == {"Proposals to read": 1}
    assert list_of(client, found["Proposals to read"]) == [reading.pk]


def test_the_page_takes_at_most_12_queries_however_much_waits(client):
    client.force_login(make.Officer(group=groups.OFFICER))
    client.get(START)

    with CaptureQueriesContext(connection) as queries:
        response = client.get(START)

    assert len(numbers(response)) > 20
    assert response.context["cards"]
    assert len(queries) <= 12


# ------------------------------------------------------------------ each what he or she may do


def sections_of(client, group):
    client.force_login(make.Officer(group=group))
    sections = client.get(START).context["sections"]
    return {section.name: {str(row.label) for row in rows} for section, rows in sections}


def test_each_officer_sees_what_he_or_she_may_do(client):
    seen = {group: sections_of(client, group) for group in groups.GROUPS}

    records = {"Projects", "Institutions", "Meetings", "Calls", "Pages and news"}
    to_publish = {f"{kind} ready to publish" for kind in records}
    to_release = {f"Changes of {kind.lower()} to release" for kind in records}
    of_meetings = {"Action points overdue"}
    of_votes = {"Votes on paper to confirm", "Candidates to admit"}
    decide = {
        groups.HELPER: of_meetings,
        groups.OFFICER: to_publish | to_release | of_meetings | of_votes,
    }
    questions = {"Questions overdue", "New questions", "Questions passed on, not answered"}
    answer = {
        groups.HELPER: questions,
        groups.OFFICER: questions
        | {"Mails that failed", "Invitations that nobody accepted in time"}
        | {"Invitations to confirm"},
    }
    to_see = {
        *("People on waiting lists", "Places without a name", "Offers not answered"),
        *("Registrations started, not submitted", "Return slips missing"),
    }
    registrations = {
        groups.HELPER: to_see,
        groups.OFFICER: to_see | {"People to approve", "Requested changes"},
    }
    for name, expected in [
        ("decide", decide),
        ("answer", answer),
        ("registrations", registrations),
    ]:
        found = {group: rows[name] for group, rows in seen.items() if name in rows}
        assert found == expected
    assert len(seen[groups.OFFICER]["proposals"]) == 7
    assert seen[groups.DOOR] == seen[groups.READER] == {}
    client.force_login(make.Officer(group=groups.READER))
    assert "Nothing is waiting for you." in client.get(START).content.decode()
    assert {group for group, rows in seen.items() if "gaps" in rows} == {
        *(groups.HELPER, groups.OFFICER),
    }


@pytest.mark.proof
@pytest.mark.parametrize("group", groups.GROUPS)
def test_every_number_an_officer_sees_opens_its_list(client, group):
    client.force_login(make.Officer(group=group))
    for number in numbers(client.get(START)).values():
        assert len(list_of(client, number)) == number.count, number.label


# ------------------------------------------------------------------ meetings to come


def card_of(client, meeting):
    [card] = [one for one in client.get(START).context["cards"] if one["meeting"] == meeting]
    return card


def test_a_meeting_to_come_says_how_many_days_are_left(client, officer):
    today = timezone.localdate()
    meeting = make.Meeting(
        starts_on=today + timedelta(days=40),
        ends_on=today + timedelta(days=42),
        name_by_on=today + timedelta(days=1),
        freeze_on=today - timedelta(days=1),
        registration_opens_at=days_ago(3),
        registration_closes_at=timezone.now() + timedelta(days=10),
        retain_until=today + timedelta(days=99),
    )

    card = card_of(client, meeting)

    assert [(day["label"], day["left"]) for day in card["days"]] == [
        ("Deadline for names", 1),
        ("Registration closes", 10),
        ("First day", 40),
        ("Last day", 42),
        ("Retention day", 99),
    ]
    page = client.get(START).content.decode()
    assert "tomorrow" in page
    assert "in 40 days" in page


def test_a_card_offers_what_one_may_do(client):
    draft = make.Meeting(state=State.DRAFT, **days_from_now(9))
    today = make.Meeting(**days_from_now(0))
    is_open = {"registration_opens_at": days_ago(9), "registration_closes_at": days_ago(-9)}
    steps = {}
    for group in (groups.OFFICER, groups.READER):
        client.force_login(make.Officer(group=group))
        steps[group] = [str(card_of(client, one)["step"]["label"]) for one in (draft, today)]
    Meeting.objects.filter(pk=today.pk).update(**is_open)

    assert steps == {
        groups.OFFICER: ["Complete and publish", "Set the days of registration"],
        groups.READER: ["Open the meeting", "Open the meeting"],
    }
    client.force_login(make.Officer(group=groups.OFFICER))
    step = card_of(client, today)["step"]
    assert (str(step["label"]), client.get(step["address"]).status_code) == ("Open the desk", 200)
    client.force_login(make.Officer(group=groups.DOOR))
    arrived = client.get(START)
    assert arrived.url == reverse("admin:meetings_meeting_desk_check_in", args=[today.pk])


# ------------------------------------------------------------------ the menu


def menu_of(client, page=START):
    response = client.get(page)
    return [str(task["name"]) for task in response.context["available_apps"]]


def test_the_menu_goes_by_task(client, officer):
    page = client.get("/admin/meetings/delegate/")

    menu = page.context["available_apps"]
    assert [str(task["name"]) for task in menu] == [
        *("Today", "Records", "Meetings", "Calls", "Letters and mails", "Settings"),
    ]
    assert [str(task["name"]) for task in menu if task["is_current"]] == ["Meetings"]
    lists = [one["object_name"] for task in menu for one in task["models"]]
    # With the log of changes, the figures, mails to focal points and the state of the portal.
    assert len(lists) == len(set(lists)) == len(admin.site._registry) + 4
    # Every list that no door names stands on the page of settings.
    groups_of = client.get(reverse("admin:settings")).context["app_list"]
    settings = [one["object_name"] for group in groups_of for one in group["models"]]
    assert set(settings) | {"changes"} >= {one["object_name"] for one in menu[-1]["models"]}
    assert [group["app_label"] for group in groups_of] == ["settings", "codes", "logs"]
    assert "RetentionRun" not in lists[: len(lists) - len(menu[-1]["models"])]


def test_each_sees_the_tasks_he_or_she_may_do(client):
    found = {}
    for group in (groups.DOOR, groups.READER):
        client.force_login(make.Officer(group=group))
        found[group] = menu_of(client)

    assert found == {
        groups.DOOR: ["Today", "Meetings"],
        groups.READER: [
            *("Today", "Records", "Meetings", "Calls", "Letters and mails", "Settings"),
        ],
    }


def test_the_handbook_opens_in_both_languages_and_each_list_leads_to_its_page(client, officer):
    names = {path.stem for path in (handbook.DOCS / "zh" / "officers").glob("*.md")}
    assert names == {handbook.FIRST, *handbook.PAGES}
    pages = {reverse("admin:handbook")} | {
        reverse("admin:handbook", args=[name]) for name in handbook.PAGES
    }
    chinese = {f"/zh-hans{address}" for address in pages}
    text = {address: text_of(client.get(address)) for address in chinese}
    for address, html in text.items():
        links = set(re.findall(r'href="([^"?]*(?:/help/|[.]md)[^"?]*)"', html))
        assert links <= chinese, address
        for picture in re.findall(r'<img src="/static/([^"]+)"', html):
            assert finders.find(picture), picture
    english = text_of(client.get("/admin/help/"))
    for name, (section, labels) in handbook.PAGES.items():
        assert f'id="{section}"' in english, name
        answer = client.get(reverse("admin:handbook", args=[name]))
        assert answer["Location"] == f"/admin/help/#{section}"
        for label in labels:
            listed = client.get(reverse(f"admin:{label.replace('.', '_')}_changelist"))
            assert listed.status_code != 200 or f'href="/admin/help/{name}/"' in text_of(listed)
    form = client.get("/zh-hans/admin/projects/project/add/")
    assert 'href="/zh-hans/admin/help/record/"' in text_of(form)
    assert client.get("/zh-hans/admin/help/nothing/").status_code == 404
