"""The page of a meeting."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from meetings.models import Meeting, PlaceState
from sscnet.core.models import State
from sscnet.core.pages import page_cache
from tests import make
from tests.meetings.pages import LIST, days_from_now, page_of, text_of, window, with_place
from tests.pages import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contact")]


def test_page_says_what_is_stated_in_both_languages(client):
    meeting = make.Meeting(
        title="20th annual meeting",
        title_zh_hans="第20届年会",
        ordinal=20,
        theme="Water for all",
        starts_on=date(2015, 11, 3),
        ends_on=date(2015, 11, 5),
        city="Shanghai",
        city_zh_hans="上海",
        venue="Convention Center",
        venue_zh_hans="会议中心",
        participants_number=1050,
        participants_bound="at_least",
        members_present_as_stated="20+",
        report="Much was agreed.",
    )
    make.Source(record=meeting, name="A page")

    english, chinese = page_of(client, meeting), page_of(client, meeting, "/zh-hans")

    for text in (
        "Annual meeting",
        "No. 20",
        "Water for all",
        "3–5 November 2015",
        "at least 1,050",
        "20+",
    ):
        assert text in english
    for text in ("Shanghai", "Convention Center", "Much was agreed.", "A page"):
        assert text in english
    for text in ("第20届年会", "上海", "会议中心"):
        assert text in chinese
    assert '<span lang="en">Water for all</span>' in chinese


def test_page_of_unknown_days_withdrawn_or_of_an_old_address_says_so(client):
    meeting = make.Meeting(dates_as_stated="28 February")
    page = page_of(client, meeting)
    assert "28 February</span> <small>according to the source</small>" in page
    assert "The year is not known." in page
    assert "calendar.ics" not in page

    meeting = make.Meeting(
        title="Gone", theme="Not to be read", state=State.WITHDRAWN, withdrawn_at=timezone.now()
    )
    page = page_of(client, meeting)
    assert "The Secretariat withdrew this meeting on" in page
    assert "Not to be read" not in page
    assert "noindex" in page

    meeting = make.Meeting(slug="old")
    Meeting.objects.filter(pk=meeting.pk).update(slug="new")
    response = client.get("/meetings/old/")
    assert (response.status_code, response["Location"]) == (301, "/meetings/new/")


def test_page_names_host_organiser_and_published_projects(client):
    meeting = make.Meeting(organiser_as_stated="CICETE and others")
    host, hidden = (make.Institution(name="Host"), make.Institution(name="No page", state="draft"))
    for institution in (host, hidden):
        meeting.meeting_institutions.create(institution=institution, role="host")
    page = page_of(client, meeting)
    assert f'<a href="{host.get_absolute_url()}">Host</a>' in page
    assert "<span>No page</span>" in page
    assert "CICETE and others" in page
    assert hidden.get_absolute_url() not in page

    meeting = make.Meeting(year=2020)
    shown, draft = make.Project(title="Shown"), make.Project(title="A draft", state="draft")
    for project in (shown, draft):
        meeting.meeting_projects.create(project=project)
    page = page_of(client, meeting)
    assert f'href="{shown.get_absolute_url()}"' in page
    assert "A draft" not in page


def test_page_says_how_it_stands_with_registering(client):
    for values, said in [
        (window(-1, 1), "Registration is open"),
        (window(1, 2), "Registration opens soon"),
        (window(-2, -1), "Registration is closed"),
        ({}, "Registration is being prepared"),
        (window(-1, 1) | {"capacity": None}, ""),
        (window(-1, 1) | {"cancelled_at": timezone.now()}, "This meeting is cancelled"),
        (window(-1, 1) | days_from_now(-9), ""),
    ]:
        meeting = make.Meeting(**days_from_now(9) | {"quota": 5} | values)
        page = page_of(client, meeting)
        assert said in page
        assert ("Register your delegation" in page) == (said == "Registration is open"), values
        if said.startswith("Registration"):
            assert 'href="/about/contact/">the Secretariat</a>' in page, said


def test_page_gives_closing_time_whom_to_ask_and_the_places_without_cookies(client):
    closes = datetime(2999, 5, 1, 17, 0, tzinfo=UTC)
    meeting = make.Meeting(
        **days_from_now(9),
        **window(-1, 1) | {"registration_closes_at": closes},
        registration_contact="office@example.org",
        capacity=10,
        taken=7,
        quota=5,
    )

    page = page_of(client, meeting)

    assert "2 May 2999, 01:00 Beijing time (1 May 2999, 17:00 UTC)" in page
    assert 'href="mailto:office@example.org"' in page
    assert "3 of 10 places are free." in page
    assert "up to 5 places" in page
    assert f'href="{meeting.get_absolute_url()}register/"' in page

    for path in (LIST, meeting.get_absolute_url()):
        response = client.get(path)
        assert not response.cookies
        assert b"csrf" not in response.content


def test_institutions_come_with_a_place_and_people_are_named_by_consent_too(client):
    meeting = make.Meeting(**days_from_now(9))
    coming = with_place(make.Delegation(meeting=meeting, people=1))
    make.Delegation(meeting=meeting, people=1)
    waiting = make.Delegation(meeting=meeting, people=1, state="submitted")
    waiting.delegates.update(place=PlaceState.WAITING, line=2)
    withdrawn = with_place(make.Delegation(meeting=meeting, people=1))
    type(withdrawn).objects.filter(pk=withdrawn.pk).update(state="withdrawn")
    response = client.get(meeting.get_absolute_url())
    assert [one.institution for one in response.context["attending"]] == [coming.institution]
    assert "Attending" in text_of(response)

    meeting = make.Meeting(**days_from_now(-9))
    a, b = make.Institution(name="A"), make.Institution(name="B")
    for institution in (b, a):
        meeting.meeting_institutions.create(institution=institution)
    with_place(make.Delegation(meeting=meeting, institution=a, people=1))
    response = client.get(meeting.get_absolute_url())
    assert [one.institution for one in response.context["attending"]] == [a, b]
    assert "Attended by" in text_of(response)

    meeting = make.Meeting(**days_from_now(9))
    delegation = make.Delegation(meeting=meeting, people=5)
    names = ["Consents", "Silent", "Waits", "Erased", "Unnamed"]
    for delegate, name in zip(delegation.delegates.all(), names, strict=True):
        delegate.family_name, delegate.may_be_listed = name, name != "Silent"
        delegate.save()
    with_place(delegation)
    people = delegation.delegates
    people.filter(family_name="Waits").update(place=PlaceState.WAITING)
    people.filter(family_name="Erased").update(erased_at=timezone.now())
    people.filter(family_name="Unnamed").update(to_be_named=True)
    page = page_of(client, meeting)
    assert [name for name in names if name.upper() in page] == ["Consents"]


def test_page_takes_as_many_queries_for_many_as_for_few(client, django_assert_num_queries):
    meeting = make.Meeting(**days_from_now(9))
    make.Source(record=meeting)
    for number in (1, 11):
        for n in range(number):
            workshop = make.Workshop(meeting=meeting)
            meeting.agenda_items.create(day=meeting.starts_on, title=f"T{n}", workshop=workshop)
            meeting.meeting_institutions.create(institution=make.Institution(), role="host")
            meeting.meeting_projects.create(project=make.Project())
            with_place(make.Delegation(meeting=meeting, people=2), may_be_listed=True)
        client.get(meeting.get_absolute_url())
        page_cache.pages.clear()
        with django_assert_num_queries(2):
            client.get(meeting.get_absolute_url())


def test_a_draft_is_a_page_for_staff_only(client):
    staff = signed_in(make.Officer(permissions=["meetings.view_meeting"]))
    for state in (State.DRAFT, State.READY):
        meeting = make.Meeting(state=state, **days_from_now(9))
        assert client.get(meeting.get_absolute_url()).status_code == 404, state
        page = page_of(staff, meeting)
        assert "Not public:" in page
        assert '<meta name="robots" content="noindex">' in page
        assert "calendar.ics" not in page
