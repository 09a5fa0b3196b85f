import json
import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone

from meetings.models import Meeting, MeetingInstitution, PlaceState
from meetings.times import both_clocks, day_range, zone_in_words
from meetings.timetable import timetable
from sscnet.records.models import State
from tests.factories import (
    CountryFactory,
    DelegationFactory,
    InstitutionFactory,
    MeetingFactory,
    PageFactory,
    ProjectFactory,
    SectorFactory,
    SourceFactory,
    UserFactory,
    WorkshopFactory,
)

pytestmark = pytest.mark.django_db

LIST = "/meetings/"
DAY = timedelta(days=1)


def text_of(response):
    return " ".join(response.content.decode().split())


def days_from_now(first, last=None):
    """Give the days of a meeting that many days from today."""
    today = timezone.localdate()
    return {
        "starts_on": today + first * DAY,
        "ends_on": today + (first if last is None else last) * DAY,
    }


def window(opens, closes):
    now = timezone.now()
    return {
        "registration_opens_at": now + opens * DAY,
        "registration_closes_at": now + closes * DAY,
    }


def with_place(delegation, **values):
    """Give the delegation's people a confirmed place, as `places.submit` would."""
    delegation.delegates.update(place=PlaceState.CONFIRMED, line=1, **values)
    type(delegation).objects.filter(pk=delegation.pk).update(state="submitted")
    return delegation


@pytest.fixture(autouse=True)
def contact():
    PageFactory(slug="contact", title="Contact")


# ------------------------------------------------------------------ the list


def test_list_keeps_coming_past_and_unknown_apart(client):
    later, sooner = MeetingFactory(**days_from_now(30)), MeetingFactory(**days_from_now(-1, 0))
    past, older = MeetingFactory(**days_from_now(-1)), MeetingFactory(year=2020)
    of_2020_too = MeetingFactory(starts_on=date(2020, 11, 25), ends_on=date(2020, 11, 25))
    unknown = MeetingFactory(dates_as_stated="28 February")

    response = client.get(LIST)

    assert list(response.context["coming"]) == [sooner, later]
    assert list(response.context["past"]) == [past, of_2020_too, older]
    assert list(response.context["year_not_known"]) == [unknown]


def test_a_meeting_of_this_or_a_coming_year_without_days_is_coming(client):
    year = timezone.localdate().year
    of_next_year, of_this_year = MeetingFactory(year=year + 1), MeetingFactory(year=year)

    response = client.get(LIST)

    assert list(response.context["coming"]) == [of_this_year, of_next_year]
    assert list(response.context["past"]) == []


def test_past_meetings_stand_under_their_years(client):
    MeetingFactory(year=2019, title="Nineteen")
    MeetingFactory(year=2022, title="Twenty-two")

    page = text_of(client.get(LIST))

    assert re.search(r'<h3 id="y2022">2022</h3>.*Twenty-two.*<h3 id="y2019">.*Nineteen', page)


def test_list_hides_what_is_not_published(client):
    for state in (State.DRAFT, State.READY, State.WITHDRAWN):
        MeetingFactory(state=state, **days_from_now(1))
        MeetingFactory(state=state, year=2020)
        MeetingFactory(state=state)

    context = client.get(LIST).context

    assert not any(context[name] for name in ("coming", "past", "year_not_known"))


def test_an_empty_list_says_what_will_be_here(client):
    page = text_of(client.get(LIST))

    assert "No meeting is announced at the moment." in page
    assert "its days, place, programme and registration will stand here" in page
    assert "Year not known" not in page


def test_list_tells_open_registration_and_cancelling(client):
    MeetingFactory(**days_from_now(9), **window(-1, 1))
    assert "Registration is open" in text_of(client.get(LIST))

    Meeting.objects.update(cancelled_at=timezone.now())
    page = text_of(client.get(LIST))

    assert "Registration is open" not in page
    assert "<strong>Cancelled</strong>" in page


@pytest.mark.parametrize("number", [1, 15])
def test_list_takes_as_many_queries_for_many_as_for_few(client, django_assert_num_queries, number):
    for _ in range(number):
        for values in (days_from_now(3), {"year": 2020}, {}):
            MeetingFactory(**values).meeting_institutions.create(
                institution=InstitutionFactory(), role="host"
            )
    client.get(LIST)

    with django_assert_num_queries(10):
        client.get(LIST)


# ------------------------------------------------------------------ a meeting


def page_of(client, meeting, prefix=""):
    return text_of(client.get(prefix + meeting.get_absolute_url()))


def test_page_says_what_is_stated_in_both_languages(client):
    meeting = MeetingFactory(
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
        participants_as_stated="50+",
        members_present_as_stated="20+",
        report="Much was agreed.",
    )
    SourceFactory(record=meeting, name="A page")

    english, chinese = page_of(client, meeting), page_of(client, meeting, "/zh-hans")

    for text in ("Annual meeting", "No. 20", "Water for all", "3–5 November 2015", "50+", "20+"):
        assert text in english
    for text in ("Shanghai", "Convention Center", "Much was agreed.", "A page"):
        assert text in english
    for text in ("第20届年会", "上海", "会议中心"):
        assert text in chinese
    assert '<span lang="en">Water for all</span>' in chinese


def test_page_of_unknown_days_says_what_is_stated(client):
    meeting = MeetingFactory(dates_as_stated="28 February")

    page = page_of(client, meeting)

    assert "28 February</span> <small>as stated</small>" in page
    assert "The year is not known." in page
    assert "calendar.ics" not in page


def test_page_names_host_and_organiser_and_links_those_of_the_directory(client):
    meeting = MeetingFactory(organiser_as_stated="CICETE and others")
    host, hidden = (
        InstitutionFactory(name="Host"),
        InstitutionFactory(name="No page", state="draft"),
    )
    for institution in (host, hidden):
        meeting.meeting_institutions.create(institution=institution, role="host")

    page = page_of(client, meeting)

    assert f'<a href="{host.get_absolute_url()}">Host</a>' in page
    assert "<span>No page</span>" in page
    assert "CICETE and others" in page
    assert hidden.get_absolute_url() not in page


@pytest.mark.parametrize(
    ("values", "said", "has_link"),
    [
        (window(-1, 1), "Registration is open", True),
        (window(1, 2), "Registration opens soon", False),
        (window(-2, -1), "Registration is closed", False),
        ({}, "Registration is being prepared", False),
    ],
)
def test_page_says_how_it_stands_with_registering(client, values, said, has_link):
    meeting = MeetingFactory(quota=5, **days_from_now(9), **values)

    page = page_of(client, meeting)

    assert said in page
    assert ("Register your delegation" in page) == has_link
    assert 'href="/about/contact/">the Secretariat</a>' in page


def test_page_gives_closing_time_in_beijing_and_utc_whom_to_ask_and_the_places(client):
    closes = datetime(2999, 5, 1, 17, 0, tzinfo=UTC)
    meeting = MeetingFactory(
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


@pytest.mark.parametrize(
    "values", [{"capacity": None}, {"cancelled_at": timezone.now()}, days_from_now(-9)]
)
def test_no_registration_without_places_when_cancelled_or_over(client, values):
    meeting = MeetingFactory(**days_from_now(9) | window(-1, 1) | values)

    assert "Register your delegation" not in page_of(client, meeting)


def test_a_cancelled_meeting_says_so(client):
    meeting = MeetingFactory(**days_from_now(9), cancelled_at=timezone.now())

    assert "This meeting is cancelled" in page_of(client, meeting)


def test_institutions_come_when_one_of_their_people_has_a_place(client):
    meeting = MeetingFactory(**days_from_now(9))
    coming = with_place(DelegationFactory(meeting=meeting, people=1))
    DelegationFactory(meeting=meeting, people=1)
    waiting = DelegationFactory(meeting=meeting, people=1, state="submitted")
    waiting.delegates.update(place=PlaceState.WAITING, line=2)
    withdrawn = with_place(DelegationFactory(meeting=meeting, people=1))
    type(withdrawn).objects.filter(pk=withdrawn.pk).update(state="withdrawn")

    response = client.get(meeting.get_absolute_url())

    assert [one.institution for one in response.context["attending"]] == [coming.institution]
    assert "Who comes" in text_of(response)


def test_people_are_named_only_by_consent_and_with_a_place(client):
    meeting = MeetingFactory(**days_from_now(9))
    delegation = DelegationFactory(meeting=meeting, people=5)
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

    assert [name for name in names if name in page] == ["Consents"]


def test_institutions_that_came_by_record_are_listed_once(client):
    meeting = MeetingFactory(**days_from_now(-9))
    a, b = InstitutionFactory(name="A"), InstitutionFactory(name="B")
    for institution in (b, a):
        meeting.meeting_institutions.create(institution=institution)
    with_place(DelegationFactory(meeting=meeting, institution=a, people=1))

    response = client.get(meeting.get_absolute_url())

    assert [one.institution for one in response.context["attending"]] == [a, b]
    assert "Who came" in text_of(response)


def test_related_projects_are_linked_when_they_are_published(client):
    meeting = MeetingFactory(year=2020)
    shown, draft = ProjectFactory(title="Shown"), ProjectFactory(title="A draft", state="draft")
    for project in (shown, draft):
        meeting.meeting_projects.create(project=project)

    page = page_of(client, meeting)

    assert f'href="{shown.get_absolute_url()}"' in page
    assert "A draft" not in page


@pytest.mark.parametrize("number", [1, 12])
def test_page_takes_as_many_queries_for_many_as_for_few(client, django_assert_num_queries, number):
    meeting = MeetingFactory(**days_from_now(9))
    SourceFactory(record=meeting)
    for n in range(number):
        workshop = WorkshopFactory(meeting=meeting)
        meeting.agenda_items.create(day=meeting.starts_on, title=f"T{n}", workshop=workshop)
        meeting.meeting_institutions.create(institution=InstitutionFactory(), role="host")
        meeting.meeting_projects.create(project=ProjectFactory())
        with_place(DelegationFactory(meeting=meeting, people=2), may_be_listed=True)
    client.get(meeting.get_absolute_url())

    with django_assert_num_queries(12):
        client.get(meeting.get_absolute_url())


def test_pages_set_no_cookie_and_hold_no_token(client):
    meeting = MeetingFactory(**days_from_now(9), **window(-1, 1))

    for path in (LIST, meeting.get_absolute_url()):
        response = client.get(path)
        assert not response.cookies
        assert b"csrf" not in response.content


@pytest.mark.parametrize("state", [State.DRAFT, State.READY])
def test_a_draft_is_a_page_for_staff_only(client, state):
    meeting = MeetingFactory(state=state, **days_from_now(9))
    assert client.get(meeting.get_absolute_url()).status_code == 404

    client.force_login(UserFactory(is_staff=True, permissions=["meetings.view_meeting"]))
    page = page_of(client, meeting)

    assert "Not public:" in page
    assert '<meta name="robots" content="noindex">' in page
    assert "calendar.ics" not in page


def test_a_withdrawn_meeting_keeps_its_address_with_a_notice(client):
    meeting = MeetingFactory(
        title="Gone", theme="Not to be read", state=State.WITHDRAWN, withdrawn_at=timezone.now()
    )

    page = page_of(client, meeting)

    assert "The Secretariat withdrew this meeting on" in page
    assert "Not to be read" not in page
    assert "noindex" in page


def test_an_old_address_leads_to_the_new_one(client):
    meeting = MeetingFactory(slug="old")
    Meeting.objects.filter(pk=meeting.pk).update(slug="new")

    response = client.get("/meetings/old/")

    assert (response.status_code, response["Location"]) == (301, "/meetings/new/")


def test_search_engines_are_told_of_the_event(client):
    meeting = MeetingFactory(
        title="Meeting",
        starts_on=date(2030, 5, 1),
        ends_on=date(2030, 5, 2),
        city="Kunming",
        organiser_as_stated="CICETE",
        cancelled_at=timezone.now(),
    )
    WorkshopFactory(
        meeting=meeting, title="Hydropower", starts_at=datetime(2030, 5, 1, 1, tzinfo=UTC)
    )
    page = client.get(meeting.get_absolute_url()).content.decode()
    told = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])

    assert told["@type"] == "Event"
    assert (told["startDate"], told["endDate"]) == ("2030-05-01", "2030-05-02")
    assert told["eventStatus"] == "https://schema.org/EventCancelled"
    assert told["location"]["address"]["addressLocality"] == "Kunming"
    assert told["organizer"] == [{"@type": "Organization", "name": "CICETE"}]
    assert told["subEvent"][0]["startDate"] == "2030-05-01T09:00:00+08:00"


# ------------------------------------------------------------------ the programme


def test_the_programme_puts_agenda_and_workshops_into_days_and_times():
    meeting = MeetingFactory(starts_on=date(2030, 5, 1), ends_on=date(2030, 5, 2))
    one, two = (WorkshopFactory(meeting=meeting) for _ in range(2))
    for workshop in (one, two):
        # 09:00 to 10:30 where the meeting is.
        workshop.starts_at = datetime(2030, 5, 2, 1, tzinfo=UTC)
        workshop.ends_at = datetime(2030, 5, 2, 2, 30, tzinfo=UTC)
        workshop.save()
    untimed = WorkshopFactory(meeting=meeting)
    items = meeting.agenda_items
    dinner = items.create(day=date(2030, 5, 1), begins=time(18), title="Dinner")
    arrival = items.create(day=date(2030, 5, 1), title="Arrival")
    talk = items.create(day=date(2030, 5, 2), begins=time(9), title="Talk", workshop=one)

    programme = timetable(meeting)

    first, second = programme.days
    assert [slot.entries[0].item for slot in first.slots] == [arrival, dinner]
    (slot,) = second.slots
    assert (slot.begins, slot.ends) == (time(9), time(10, 30))
    assert [(entry.workshop, entry.talks) for entry in slot.entries] == [(one, [talk]), (two, [])]
    assert programme.untimed == [untimed]


def test_a_workshop_that_goes_on_stands_on_each_day_of_its_items():
    meeting = MeetingFactory()
    # In Beijing it is the next day already.
    workshop = WorkshopFactory(meeting=meeting, starts_at=datetime(2030, 4, 30, 23, tzinfo=UTC))
    meeting.agenda_items.create(
        day=date(2030, 5, 2), begins=time(14), title="Second part", workshop=workshop
    )

    days = timetable(meeting).days

    assert [(day.day, day.slots[0].begins) for day in days] == [
        (date(2030, 5, 1), time(7)),
        (date(2030, 5, 2), time(14)),
    ]


def test_page_shows_programme_with_its_zone_speakers_and_papers(client):
    meeting = MeetingFactory(
        starts_on=date(2030, 5, 1), ends_on=date(2030, 5, 1), city="Nairobi",
        time_zone="Africa/Nairobi", **window(-1, 1), capacity=9,
    )  # fmt: skip
    WorkshopFactory(
        meeting=meeting, title="Hydropower", capacity=30, taken=28, room="Hall 2",
        starts_at=datetime(2030, 5, 1, 6, tzinfo=UTC),
    )  # fmt: skip
    meeting.agenda_items.create(
        day=date(2030, 5, 1), begins=time(8, 30), ends=time(8, 45), title="Opening",
        speakers="A speaker", papers="A paper",
    )  # fmt: skip

    page = page_of(client, meeting)

    assert "All times are local time in Nairobi (Africa/Nairobi, UTC+3)." in page
    assert "Wednesday, 1 May 2030" in page
    assert page.index(">08:30<") < page.index("Opening") < page.index(">09:00<")
    assert page.index(">09:00<") < page.index("<span>Hydropower</span>")
    for text in ("A speaker", "A paper", "Hall 2", "2 of 30 places are free."):
        assert text in page


# ------------------------------------------------------------------ words for days and moments


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2015, 11, 3), date(2015, 11, 3), "3 November 2015"),
        (date(2015, 11, 3), date(2015, 11, 5), "3–5 November 2015"),
        (date(2015, 11, 30), date(2015, 12, 2), "30 November – 2 December 2015"),
        (date(2015, 12, 30), date(2016, 1, 2), "30 December 2015 – 2 January 2016"),
    ],
)
def test_days_are_written_short(first, last, said):
    assert day_range(first, last) == said


@pytest.mark.parametrize(
    ("hour", "said"),
    [
        (10, "25 November 2026, 18:00 Beijing time (10:00 UTC)"),
        (20, "26 November 2026, 04:00 Beijing time (25 November 2026, 20:00 UTC)"),
    ],
)
def test_moments_are_written_in_beijing_time_and_utc(hour, said):
    assert both_clocks(datetime(2026, 11, 25, hour, tzinfo=UTC)) == said


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Asia/Shanghai", "Beijing time, UTC+8"),
        ("Asia/Kolkata", "Asia/Kolkata, UTC+5:30"),
        ("America/New_York", "America/New York, UTC-4"),
    ],
)
def test_a_zone_says_how_far_it_is_from_utc_on_that_day(zone, said):
    assert zone_in_words(zone, date(2026, 7, 1)) == said


# ------------------------------------------------------------------ meetings on other pages


def test_an_institution_lists_the_meetings_it_hosted_attended_and_comes_to(client):
    institution = InstitutionFactory()
    hosted = MeetingFactory(title="Hosted one", year=2019)
    for role in (MeetingInstitution.Role.HOST, MeetingInstitution.Role.ATTENDED):
        hosted.meeting_institutions.create(institution=institution, role=role)
    hidden = MeetingFactory(title="Draft one", state="draft")
    hidden.meeting_institutions.create(institution=institution)
    coming = MeetingFactory(title="Coming one", **days_from_now(9))
    with_place(DelegationFactory(meeting=coming, institution=institution, people=1))
    past = MeetingFactory(title="Past one", **days_from_now(-400))
    with_place(DelegationFactory(meeting=past, institution=institution, people=1))

    page = text_of(client.get(institution.get_absolute_url()))

    assert re.search(
        r"Coming one.*takes part.*Past one.*attended.*Hosted one.*host</li><li>attended", page
    )
    assert "Draft one" not in page


def test_country_and_sector_list_the_meetings_of_their_projects(client):
    country, sector = CountryFactory(), SectorFactory()
    project = ProjectFactory(countries=[country], sectors=[sector])
    other = ProjectFactory(countries=[CountryFactory()], state="draft")
    related, unrelated = MeetingFactory(title="Related"), MeetingFactory(title="Unrelated")
    related.meeting_projects.create(project=project)
    unrelated.meeting_projects.create(project=other)

    for path in (f"/countries/{country.iso2}/", f"/sectors/{sector.slug}/"):
        page = text_of(client.get(path))
        assert f'href="{related.get_absolute_url()}"' in page
        assert "Unrelated" not in page


def test_the_home_page_shows_the_next_meetings_or_else_the_last(client):
    MeetingFactory(title="Last one", year=2019)
    assert re.search(r"Last meetings</h2>.*Last one", text_of(client.get("/")))

    MeetingFactory(title="Next one", **days_from_now(9))
    page = text_of(client.get("/"))

    assert re.search(r"Next meetings</h2>.*Next one", page)
    assert "Last one" not in page


def test_published_meetings_stand_in_the_sitemap(client):
    published, draft = MeetingFactory(), MeetingFactory(state="draft")

    page = client.get("/sitemap.xml").content.decode()

    assert f"{published.get_absolute_url()}</loc>" in page
    assert f"/zh-hans{published.get_absolute_url()}</loc>" in page
    assert "/meetings/</loc>" in page
    assert draft.slug not in page


def test_the_menu_shows_where_one_is(client):
    assert 'href="/meetings/" aria-current="page">Meetings' in text_of(client.get(LIST))
    assert 'href="/meetings/" aria-current="true">' in page_of(client, MeetingFactory())
