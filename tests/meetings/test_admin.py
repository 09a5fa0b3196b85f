"""How officers keep meetings, change places, decide on delegations, and make next year's."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from meetings import places
from meetings.models import (
    ChangeRequest,
    Delegate,
    Delegation,
    Meeting,
    PlaceEvent,
    PlaceState,
    Workshop,
)
from meetings.next_year import ending, make_next
from meetings.rehearsal import Change, make_changes, rehearse
from sscnet.outbox.models import Message
from sscnet.secretariat import groups
from tests.admin_forms import add_row, errors, filled
from tests.factories import (
    DelegationFactory,
    InstitutionFactory,
    MeetingFactory,
    ProjectFactory,
    SourceFactory,
    UserFactory,
    WorkshopFactory,
)
from tests.secretariat.test_groups import member_of

pytestmark = pytest.mark.django_db

ADD = "/admin/meetings/meeting/add/"
SOURCES = "records-source-content_type-object_id"


@pytest.fixture(autouse=True)
def officer(client):
    user = UserFactory(is_staff=True, is_superuser=True, name="Wang Li")
    client.force_login(user)
    return user


def address(view, *args):
    return reverse(f"admin:meetings_{view}", args=args)


def change(meeting):
    return address("meeting_change", meeting.pk)


def text_of(response):
    return " ".join(response.content.decode().split())


def submitted(meeting, people=1, **values):
    delegation = DelegationFactory(meeting=meeting, people=people, **values)
    places.submit(delegation)
    delegation.refresh_from_db()
    return delegation


def states(delegation):
    return [delegate.place for delegate in delegation.delegates.all()]


# ------------------------------------------------------------------ the form


def test_an_officer_enters_a_whole_meeting_and_publishes_it(client):
    data = filled(client.get(ADD)) | {
        "kind": "annual_meeting",
        "ordinal": "30",
        "title": "30th annual meeting",
        "title_zh_hans": "第30届年会",
        "starts_on": "2030-05-01",
        "ends_on": "2030-05-03",
        "registration_opens_at_0": "2030-01-01",
        "registration_opens_at_1": "09:00",
        "registration_closes_at_0": "2030-04-01",
        "registration_closes_at_1": "18:00",
        "capacity": "120",
        "quota": "5",
        "giving": "offers",
        "asks": ["email", "diet"],
        "registration_contact": "office@example.org",
    }
    add_row(
        data, "workshops", title="Small hydropower", title_zh_hans="小水电", capacity="30",
        starts_at_0="2030-05-02", starts_at_1="09:00", ends_at_0="", ends_at_1="",
        cancelled_at_0="", cancelled_at_1="",
    )  # fmt: skip
    add_row(data, "agenda_items", day="2030-05-01", begins="08:30", ends="", title="Opening")
    add_row(data, "meeting_institutions", institution=InstitutionFactory().pk, role="host")
    add_row(data, "meeting_projects", project=ProjectFactory().pk)
    add_row(data, SOURCES, name="A circular")

    response = client.post(ADD, data)

    assert response.status_code == 302, errors(response)
    meeting = Meeting.objects.get()
    assert (meeting.year, meeting.quota, meeting.asks) == (2030, 5, ["email", "diet"])
    assert meeting.registration_closes_at == datetime(2030, 4, 1, 10, tzinfo=UTC)
    assert meeting.workshops.get().starts_at == datetime(2030, 5, 2, 1, tzinfo=UTC)
    assert meeting.agenda_items.get().begins == time(8, 30)
    client.post(change(meeting), filled(client.get(change(meeting))) | {"_step": "mark_ready"})
    client.post(address("meeting_step", meeting.pk, "publish"))
    meeting.refresh_from_db()
    assert meeting.is_published
    assert client.get(meeting.get_absolute_url()).status_code == 200


def test_the_form_as_it_was_changes_nothing(client):
    meeting = MeetingFactory(**window())
    workshop = WorkshopFactory(meeting=meeting, starts_at=timezone.now().replace(microsecond=0))
    meeting.agenda_items.create(day=date(2030, 5, 1), title="Talk", workshop=workshop)
    before = Meeting.objects.values().get(), Workshop.objects.values().get()

    response = client.post(change(meeting), filled(client.get(change(meeting))))

    assert response.status_code == 302, errors(response)
    after = Meeting.objects.values().get(), Workshop.objects.values().get()
    assert after == before


def window():
    now = timezone.now().replace(microsecond=0)
    return {
        "registration_opens_at": now - timedelta(days=1),
        "registration_closes_at": now + timedelta(days=1),
    }


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"starts_on": "2030-05-03", "ends_on": "2030-05-01"}, "the last is not before the first"),
        ({"starts_on": "2030-05-03"}, "Give both days"),
        ({"time_zone": "Beijing"}, "This is not the name of a time zone"),
        (
            {
                "registration_opens_at_0": "2030-05-01",
                "registration_opens_at_1": "09:00",
                "registration_closes_at_0": "2030-04-01",
                "registration_closes_at_1": "09:00",
            },
            "Registration closes before it opens.",
        ),
        ({"answer_hours": "0"}, "Give at least an hour"),
        ({"registration_contact": "the office"}, "valid email"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(client, values, said):
    response = client.post(ADD, filled(client.get(ADD)) | values)

    assert said in " ".join(errors(response))
    assert not Meeting.objects.exists()


def test_an_item_of_the_agenda_takes_only_workshops_of_its_meeting(client):
    meeting, other = MeetingFactory(), WorkshopFactory()
    mine = WorkshopFactory(meeting=meeting)
    data = filled(client.get(change(meeting)))
    row = add_row(data, "agenda_items", day="2030-05-01", title="Talk", workshop=other.pk)

    refused = client.post(change(meeting), data)
    client.post(change(meeting), data | {f"{row}-workshop": mine.pk})

    assert "Select a valid choice" in " ".join(errors(refused))
    assert meeting.agenda_items.get().workshop == mine


def test_numbers_of_places_are_no_fields_once_there_are_delegations(client):
    meeting = MeetingFactory(capacity=10, quota=3)
    workshop = WorkshopFactory(meeting=meeting, capacity=5)
    assert {"capacity", "quota", "workshops-0-capacity"} <= filled(
        client.get(change(meeting))
    ).keys()
    submitted(meeting)

    data = filled(client.get(change(meeting)))
    sent = {"capacity": "99", "quota": "99", "workshops-0-capacity": "99", "city": "Kunming"}
    response = client.post(change(meeting), data | sent)

    assert not {"capacity", "quota", "workshops-0-capacity"} & data.keys()
    assert response.status_code == 302, errors(response)
    meeting.refresh_from_db()
    workshop.refresh_from_db()
    assert (meeting.city, meeting.capacity, meeting.quota) == ("Kunming", 10, 3)
    assert workshop.capacity == 5


def test_saving_the_form_waits_for_who_gives_places_and_keeps_what_was_given(client):
    """The row is read under the lock: a stale count would be written back over a new one."""
    meeting = MeetingFactory(capacity=10)
    data = filled(client.get(change(meeting)))
    submitted(meeting, people=3)

    with CaptureQueriesContext(connection) as queries:
        response = client.post(change(meeting), data | {"city": "Kunming"})

    assert response.status_code == 302, errors(response)
    statements = [query["sql"] for query in queries]
    locks = [
        n
        for n, sql in enumerate(statements)
        if "meetings_meeting" in sql and sql.endswith("FOR NO KEY UPDATE")
    ]
    writes = [n for n, sql in enumerate(statements) if 'UPDATE "meetings_meeting" SET' in sql]
    assert locks[0] < writes[0]
    meeting.refresh_from_db()
    assert (meeting.city, meeting.taken) == ("Kunming", 3)


def test_the_list_takes_as_many_queries_for_many_as_for_few(client):
    address_ = address("meeting_changelist")

    def queries():
        with CaptureQueriesContext(connection) as found:
            client.get(address_)
        return len(found)

    MeetingFactory()
    client.get(address_)
    few = queries()
    for _ in range(20):
        MeetingFactory()

    assert queries() == few


@pytest.mark.parametrize("words", ["Kunming", "%", "'", "竹" * 300, "12", "9" * 40, "-1", "1.5"])
@pytest.mark.parametrize(
    "model", ["meeting", "delegation", "delegate", "changerequest", "placeevent"]
)
def test_every_list_can_be_searched_with_anything(client, model, words):
    submitted(MeetingFactory())

    assert client.get(address(f"{model}_changelist"), {"q": words}).status_code == 200


@pytest.mark.parametrize("prefix", ["", "/zh-hans"])
def test_every_page_opens_without_inline_style(client, prefix):
    meeting = MeetingFactory(quota=2)
    delegation = submitted(meeting, people=2)
    asked = ChangeRequest.objects.create(delegation=delegation, change="withdraw")
    pages = [
        change(meeting),
        address("meeting_places", meeting.pk),
        address("meeting_next", meeting.pk),
        address("delegation_change", delegation.pk),
        address("delegate_change", delegation.delegates.first().pk),
        address("changerequest_change", asked.pk),
        address("placeevent_change", PlaceEvent.objects.first().pk),
        address("delegation_changelist"),
        address("placeevent_changelist"),
    ]

    for page in pages:
        response = client.get(prefix + page)
        assert response.status_code == 200, page
        assert " style=" not in response.content.decode().partition("<main")[2]


@pytest.mark.parametrize("page", ["places", "next", "change"])
@pytest.mark.parametrize("key", ["0", "999999", "x", "_5F"])
def test_pages_of_no_meeting_lead_back(client, page, key):
    assert client.get(f"/admin/meetings/meeting/{key}/{page}/").status_code == 302


# ------------------------------------------------------------------ changing places


@pytest.fixture
def full():
    """A meeting with quota 2 and a workshop of two places, both taken; two people wait."""
    meeting = MeetingFactory(title="Meeting", capacity=10, quota=2)
    workshop = WorkshopFactory(meeting=meeting, title="Hydropower", capacity=2)
    for _ in range(2):
        submitted(meeting, people=2, people__workshops=[workshop])
    return meeting


def places_form(client, meeting, **values):
    page = address("meeting_places", meeting.pk)
    form = client.get(page).context["form"]
    sent = {field.name: field.value() for field in form if field.value() is not None}
    return client.post(page, sent | values)


def waiting_at(workshop):
    return workshop.workshop_places.waiting().count()


def test_changing_places_says_first_what_it_would_do(client, full):
    workshop = full.workshops.get()
    mails, events = Message.objects.count(), PlaceEvent.objects.count()

    response = places_form(client, full, **{f"workshop_{workshop.pk}": 3})

    page = text_of(response)
    assert "Places at “Hydropower”: 2 → 3" in page
    assert "1 person on the waiting list gets a place at Hydropower." in page
    workshop.refresh_from_db()
    assert (workshop.capacity, waiting_at(workshop)) == (2, 2)
    assert (Message.objects.count(), PlaceEvent.objects.count()) == (mails, events)


def test_changing_places_does_so_once_confirmed(client, full):
    workshop = full.workshops.get()

    response = places_form(client, full, **{f"workshop_{workshop.pk}": 3, "_confirmed": "1"})

    assert response.status_code == 302
    workshop.refresh_from_db()
    assert (workshop.capacity, workshop.taken, waiting_at(workshop)) == (3, 3, 1)
    event = PlaceEvent.objects.get(kind="capacity")
    assert (event.workshop_id, event.count, str(event.actor)) == (workshop.pk, 3, "Wang Li")


def test_places_as_offers_are_told_as_offers(client, full):
    Meeting.objects.update(giving="offers")
    workshop = full.workshops.get()

    page = text_of(places_form(client, full, **{f"workshop_{workshop.pk}": 4}))

    assert "2 people on the waiting list are offered places at Hydropower." in page


def test_fewer_places_than_taken_are_refused_beside_the_field_and_nothing_changes(client, full):
    workshop = full.workshops.get()

    response = places_form(
        client, full, capacity=50, _confirmed="1", **{f"workshop_{workshop.pk}": 1}
    )

    form = response.context["form"]
    assert form.errors == {f"workshop_{workshop.pk}": ["2 places are taken; it cannot be fewer."]}
    full.refresh_from_db()
    assert full.capacity == 10


def test_a_quota_is_changed_for_all_and_for_one(client, full):
    delegation = full.delegations.first()
    institution = delegation.institution
    more = Delegation.objects.get(pk=delegation.pk)
    Delegate.objects.create(delegation=more, family_name="Third", position=9)
    places.submit(more)
    assert states(delegation) == ["confirmed", "confirmed", "waiting"]

    said = text_of(places_form(client, full, institution=institution.pk, exception=3))
    places_form(client, full, institution=institution.pk, exception=3, _confirmed="1")

    assert f"Quota of {institution}: that of all → 3" in said
    assert "1 person on the waiting list gets a place at the meeting." in said
    assert states(delegation) == ["confirmed"] * 3
    places_form(client, full, quota="", _confirmed="1")
    full.refresh_from_db()
    assert full.quota is None


def test_a_quota_below_what_is_held_is_refused(client, full):
    response = places_form(client, full, quota=1, _confirmed="1")

    assert "Some hold more places than that" in response.context["form"].errors["quota"][0]


@pytest.mark.parametrize("value", ["-1", "many", "", "9" * 30])
def test_a_number_that_is_none_is_refused(client, full, value):
    response = places_form(client, full, capacity=value)

    assert response.status_code == 200
    assert "capacity" in response.context["form"].errors


def test_places_nobody_changed_say_so(client, full):
    assert "Nothing was changed in the form." in text_of(places_form(client, full))


def test_only_who_publishes_changes_places(client, full):
    client.force_login(member_of(groups.EDITORS))
    assert client.get(address("meeting_places", full.pk)).status_code == 403

    client.force_login(member_of(groups.PUBLISHERS))
    assert client.get(address("meeting_places", full.pk)).status_code == 200


# ------------------------------------------------------------------ next year's


@pytest.fixture
def last_year():
    meeting = MeetingFactory(
        title="28th annual meeting 2027",
        title_zh_hans="2027年第28届年会",
        theme="Water",
        theme_zh_hans="水",
        ordinal=28,
        starts_on=date(2027, 5, 3),
        ends_on=date(2027, 5, 5),
        registration_closes_at=datetime(2027, 4, 1, 10, tzinfo=UTC),
        freeze_on=date(2027, 4, 15),
        retain_until=date(2027, 11, 1),
        city="Kunming",
        host_as_stated="A host",
        report="It was good.",
        participants_as_stated="90+",
        capacity=100,
        quota=5,
        asks=["diet"],
        cancelled_at=timezone.now(),
        note="Our own",
    )
    SourceFactory(record=meeting)
    for role in ("host", "organiser", "attended"):
        meeting.meeting_institutions.create(institution=InstitutionFactory(), role=role)
    meeting.meeting_projects.create(project=ProjectFactory())
    workshop = WorkshopFactory(
        meeting=meeting,
        title="Hydropower",
        title_zh_hans="小水电",
        capacity=30,
        starts_at=datetime(2027, 5, 4, 1, tzinfo=UTC),
        cancelled_at=timezone.now(),
    )
    meeting.agenda_items.create(
        day=date(2027, 5, 4), begins=time(9), title="Talk", speakers="A person", workshop=workshop
    )
    Meeting.objects.filter(pk=meeting.pk).update(cancelled_at=None)
    submitted(meeting, people=2)
    places.set_quota(meeting, 9, institution=InstitutionFactory())
    Meeting.objects.filter(pk=meeting.pk).update(cancelled_at=timezone.now())
    meeting.refresh_from_db()
    return meeting


def test_next_years_meeting_has_the_settings_and_days_a_year_later(last_year):
    new = make_next(last_year)
    new.refresh_from_db()

    # Monday to Wednesday, as before.
    assert (new.starts_on, new.ends_on) == (date(2028, 5, 1), date(2028, 5, 3))
    assert new.starts_on.weekday() == last_year.starts_on.weekday()
    assert new.registration_closes_at == datetime(2028, 3, 30, 10, tzinfo=UTC)
    assert (new.freeze_on, new.retain_until) == (date(2028, 4, 13), date(2028, 10, 30))
    assert (new.title, new.title_zh_hans) == ("29th annual meeting 2028", "2028年第29届年会")
    assert (new.ordinal, new.year, new.state) == (29, 2028, "draft")
    assert (new.capacity, new.quota, new.asks, new.city) == (100, 5, ["diet"], "Kunming")


def test_next_years_meeting_leaves_people_places_and_reports_behind(last_year):
    new = make_next(last_year)
    new.refresh_from_db()

    assert (new.taken, new.last_in_line, new.sequence) == (0, 0, 0)
    parts = (new.delegations, new.quotas, new.sources, new.projects, new.documents, new.pictures)
    assert [part.count() for part in parts] == [0] * 6
    assert (new.theme, new.theme_zh_hans, new.report, new.note) == ("", None, "", "")
    assert (new.host_as_stated, new.participants_as_stated) == ("", "")
    assert (new.cancelled_at, new.published_at) == (None, None)
    assert [link.role for link in new.meeting_institutions.all()] == ["organiser"]


def test_next_years_workshops_and_agenda_come_along_empty(last_year):
    new = make_next(last_year)

    workshop, item = new.workshops.get(), new.agenda_items.get()
    assert (workshop.title, workshop.title_zh_hans) == ("Hydropower", "小水电")
    assert (workshop.capacity, workshop.taken, workshop.cancelled_at) == (30, 0, None)
    assert workshop.starts_at == datetime(2028, 5, 2, 1, tzinfo=UTC)
    assert (item.day, item.begins, item.workshop) == (date(2028, 5, 2), time(9), workshop)
    assert (item.title, item.speakers) == ("Talk", "")


@pytest.mark.parametrize("first", [date(2027, 1, 1), date(2028, 1, 1), date(2027, 12, 31)])
def test_next_year_is_always_another_year(first):
    new = make_next(MeetingFactory(starts_on=first, ends_on=first))

    assert new.starts_on.year == first.year + 1
    assert new.starts_on.weekday() == first.weekday()


def test_a_meeting_without_days_has_a_next_one_too():
    new = make_next(MeetingFactory(title="Meeting", year=2020))

    assert (new.title, new.year, new.starts_on) == ("Meeting", 2021, None)
    assert new.slug != ""


@pytest.mark.parametrize(
    ("number", "said"),
    [(1, "st"), (2, "nd"), (3, "rd"), (4, "th"), (11, "th"), (12, "th"), (13, "th"), (21, "st")],
)
def test_english_counts_in_its_own_way(number, said):
    assert ending(number) == said


def test_an_officer_makes_next_years_with_a_button(client, last_year):
    assert "Make next year’s from this one" in text_of(client.get(change(last_year)))
    page = address("meeting_next", last_year.pk)
    assert "delegations and all people" in text_of(client.get(page))
    assert Meeting.objects.count() == 1

    response = client.post(page)

    new = Meeting.objects.exclude(pk=last_year.pk).get()
    assert response["Location"] == change(new)
    assert client.get(response["Location"]).status_code == 200


def test_who_may_not_add_meetings_makes_none(client, last_year):
    client.force_login(member_of(groups.READ_ONLY))

    assert client.post(address("meeting_next", last_year.pk)).status_code == 403
    assert Meeting.objects.count() == 1


# ------------------------------------------------------------------ delegations


def act(client, model, name, *rows, **values):
    keys = [row.pk for row in rows]
    data = {"action": name, "_selected_action": keys} | values
    return client.post(address(f"{model}_changelist"), data)


@pytest.fixture
def delegation():
    meeting = MeetingFactory(capacity=10, approval="officer")
    return submitted(meeting, people=2)


def test_nobody_writes_in_delegations_here(client, delegation):
    for row, model in ((delegation, "delegation"), (delegation.delegates.first(), "delegate")):
        page = client.get(address(f"{model}_change", row.pk))
        assert page.status_code == 200
        assert 'name="_save"' not in text_of(page)
        assert client.post(address(f"{model}_change", row.pk), {}).status_code == 403
        assert client.get(address(f"{model}_delete", row.pk)).status_code == 403
        assert client.get(address(f"{model}_add")).status_code == 403


def test_the_list_counts_people_by_how_they_stand(client, delegation):
    places.approve(delegation.delegates.first())

    (row,) = client.get(address("delegation_changelist")).context["cl"].result_list

    assert (row.people_count, row.place_count, row.waiting_count) == (2, 1, 1)


def test_a_person_is_found_by_name_and_by_meeting(client, delegation):
    other = submitted(MeetingFactory())
    name = delegation.delegates.first().family_name

    found = client.get(address("delegation_changelist"), {"q": name}).context["cl"].result_list
    of_meeting = client.get(
        address("delegate_changelist"), {"delegation__meeting__id__exact": other.meeting_id}
    )

    assert list(found) == [delegation]
    assert list(of_meeting.context["cl"].result_list) == list(other.delegates.all())


def test_approving_says_first_whom_and_then_gives_the_places(client, delegation):
    asked = act(client, "delegation", "approve", delegation)
    assert delegation.reference in text_of(asked)
    assert states(delegation) == ["waiting", "waiting"]

    act(client, "delegation", "approve", delegation, _confirmed="1")

    assert states(delegation) == ["confirmed", "confirmed"]


def test_one_person_is_declined_with_a_reason_and_the_decline_undone(client, delegation, officer):
    places.approve(delegation)
    first, second = delegation.delegates.all()

    refused = act(client, "delegate", "decline", first, _confirmed="1", reason=" ")
    assert "Give the reason" in text_of(refused)
    assert states(delegation) == ["confirmed", "confirmed"]

    act(client, "delegate", "decline", first, _confirmed="1", reason="No passport.")
    first.refresh_from_db()
    assert (first.place, first.decision) == (PlaceState.DECLINED, "No passport.")
    assert PlaceEvent.objects.filter(kind="declined", actor=officer, delegate=first).exists()

    act(client, "delegate", "undo", first, _confirmed="1")
    first.refresh_from_db()
    assert first.place == PlaceState.CONFIRMED
    second.refresh_from_db()
    assert second.place == PlaceState.CONFIRMED


def test_what_cannot_be_done_is_said_and_the_rest_is_done(client, delegation):
    other = submitted(delegation.meeting)
    places.decline(other, reason="Why")

    response = act(client, "delegation", "undo", delegation, other, _confirmed="1")
    page = text_of(client.get(response["Location"]))

    assert f"{delegation.reference} stays as it is." in page
    assert "Done for 1 row." in page


def test_only_who_may_decide_decides(client, delegation):
    client.force_login(member_of(groups.EDITORS))
    act(client, "delegation", "approve", delegation, _confirmed="1")
    assert states(delegation) == ["waiting", "waiting"]
    assert 'value="approve"' not in text_of(client.get(address("delegation_changelist")))

    client.force_login(member_of(groups.PUBLISHERS))
    act(client, "delegation", "approve", delegation, _confirmed="1")
    assert states(delegation) == ["confirmed", "confirmed"]


def test_who_only_reads_records_sees_no_people(client, delegation):
    client.force_login(member_of(groups.READ_ONLY))

    assert client.get(address("delegate_changelist")).status_code == 403
    assert client.get(address("delegation_changelist")).status_code == 403
    assert client.get(change(delegation.meeting)).status_code == 200


def test_officers_open_the_nomination_letter_and_nobody_else(
    client, delegation, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    page = address("delegation_letter", delegation.pk)
    assert client.get(page).status_code == 404

    delegation.nomination_letter = ContentFile(b"country,year\nVN,2019\n", name="any.csv")
    delegation.save()

    assert page in text_of(client.get(address("delegation_change", delegation.pk)))
    response = client.get(page)
    assert b"".join(response.streaming_content).startswith(b"country")
    assert "private, no-store" in response["Cache-Control"]
    assert response["Content-Disposition"].startswith("attachment")
    client.force_login(member_of(groups.READ_ONLY))
    assert client.get(page).status_code == 403


# ------------------------------------------------------------------ changes asked for


@pytest.fixture
def asked(delegation):
    """After the freeze day an institution asks to withdraw a person."""
    places.approve(delegation)
    first = delegation.delegates.first()
    return ChangeRequest.objects.create(delegation=delegation, delegate=first, change="withdraw")


def test_a_change_asked_for_is_accepted(client, asked, officer):
    assert "the institution is told" in text_of(act(client, "changerequest", "accept", asked))

    act(client, "changerequest", "accept", asked, _confirmed="1")

    asked.refresh_from_db()
    assert (asked.state, asked.answered_by) == ("accepted", officer)
    assert states(asked.delegation) == ["withdrawn", "confirmed"]


def test_a_change_asked_for_is_refused_with_a_reason(client, asked):
    act(client, "changerequest", "refuse", asked, _confirmed="1")
    asked.refresh_from_db()
    assert asked.state == "open"

    act(client, "changerequest", "refuse", asked, _confirmed="1", reason="Too late.")

    asked.refresh_from_db()
    assert (asked.state, asked.answer) == ("refused", "Too late.")
    assert states(asked.delegation) == ["confirmed", "confirmed"]


def test_the_rehearsal_leaves_nothing_behind_in_the_transaction(full):
    """What was tried is taken back also where a transaction is open around it."""
    workshop = full.workshops.get()
    with transaction.atomic():
        rehearse([full], lambda: make_changes(full, [Change(workshop, 2, 9)], None))
        workshop.refresh_from_db()
        assert workshop.capacity == 2
