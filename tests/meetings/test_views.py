"""The list of meetings, and meetings on other pages."""

import csv
import io
import json
import re
from datetime import date

import pytest
from django.utils import timezone
from django.utils.translation import override

from meetings.models import Meeting, MeetingInstitution
from sscnet.core.models import State
from sscnet.core.pages import page_cache
from tests import make
from tests.meetings.pages import LIST, days_from_now, page_of, text_of, window, with_place

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contact")]


# ------------------------------------------------------------------ the list


def groups(client):
    return client.get(LIST).context["groups"]


def test_meetings_of_a_year_without_days_are_coming_or_stand_under_their_year(client):
    year = timezone.localdate().year
    of_next_year, of_this_year = make.Meeting(year=year + 1), make.Meeting(year=year)
    assert groups(client) == [("coming", [of_this_year, of_next_year])]

    make.Meeting(year=2019, title="Nineteen")
    make.Meeting(year=2022, title="Twenty-two")
    page = text_of(client.get(LIST))
    assert re.search(r'<h3 id="y2022">2022</h3>.*Twenty-two.*<h3 id="y2019">.*Nineteen', page)


def test_list_keeps_coming_past_and_unknown_apart_and_hides_drafts(client):
    page = text_of(client.get(LIST))
    assert "No meetings have been announced yet." in page
    assert "its dates, place, programme and registration will appear here" in page
    assert "Past meetings will appear here" in page
    assert "Year not known" not in page

    for state in (State.DRAFT, State.READY, State.WITHDRAWN):
        make.Meeting(state=state, **days_from_now(1))
        make.Meeting(state=state, year=2020)
        make.Meeting(state=state)
    assert groups(client) == []

    later, sooner = make.Meeting(**days_from_now(30)), make.Meeting(**days_from_now(-1, 0))
    past, older = make.Meeting(**days_from_now(-1)), make.Meeting(year=2020)
    of_2020_too = make.Meeting(starts_on=date(2020, 11, 25), ends_on=date(2020, 11, 25))
    unknown = make.Meeting(dates_as_stated="28 February")
    assert groups(client) == [
        ("coming", [sooner, later]),
        (past.year, [past]),
        (2020, [of_2020_too, older]),
        (None, [unknown]),
    ]


def test_one_without_a_year_stands_by_its_number(client):
    make.Meeting(year=2020, ordinal=25)
    make.Meeting(ordinal=28)
    assert [heading for heading, _meetings in groups(client)] == [None, 2020]

    make.Meeting(year=2025, ordinal=30)

    assert [heading for heading, _meetings in groups(client)] == [2025, 2020, None]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("status=coming", ["Next"]),
        ("status=open", ["Next"]),
        ("status=past&sort=title", ["Biogas", "Cancelled"]),
        ("status=cancelled", ["Cancelled"]),
        ("status=none", ["Undated"]),
        ("sector=tea&country=VN", ["Biogas"]),
        ("year_from=2019&year_to=2019", ["Biogas"]),
        ("kind=seminar", ["Cancelled"]),
        ("q=biogas", ["Biogas"]),
        ("year=2019&year=2018&sort=-newest", ["Cancelled", "Biogas"]),
    ],
)
def test_page_api_feed_calendar_and_files_hold_the_same_meetings(client, query, titles):
    make.Meeting(title="Next", **days_from_now(9), **window(-1, 1), capacity=9)
    biogas = make.Meeting(title="Biogas", year=2019, city="Fuzhou")
    of_vietnam = {"countries": [make.Country(iso2="VN")], "sectors": [make.Sector(slug="tea")]}
    biogas.meeting_projects.create(project=make.Project(**of_vietnam))
    make.Meeting(
        title="Cancelled",
        year=2018,
        kind="seminar",
        city_zh_hans="重庆",
        cancelled_at=timezone.now(),
    ).meeting_projects.create(project=make.Project(state="draft", **of_vietnam))
    make.Meeting(title="Undated")

    page = client.get(f"{LIST}?{query}")
    text = client.get(f"{LIST}export.csv?{query}").getvalue().decode("utf-8-sig")
    written = json.loads(client.get(f"{LIST}export.json?{query}").getvalue())
    calendar = client.get(f"{LIST}calendar.ics?{query}").content.decode()

    assert [str(one) for _heading, some in page.context["groups"] for one in some] == titles
    api = client.get(f"/api/v1/meetings?{query}").json()
    assert [one["title"]["en"] for one in api["items"]] == titles
    assert (api["heading"], api["ignored"]) == (page.context["listing"].heading, [])
    assert [row["title_en"] for row in csv.DictReader(io.StringIO(text))] == titles
    assert [row["title_en"] for row in written["rows"]] == titles
    assert written["meetings"] == len(titles)
    feed = client.get(f"{LIST}feed/?{query}").content.decode()
    assert sorted(re.findall(r"<entry><title>(.*?)</title>", feed)) == sorted(titles)
    # Only one of them has days.
    assert calendar.count("BEGIN:VEVENT") == ("Next" in titles)


def test_what_is_not_known_is_said_and_an_empty_list_shows_ways_out(client):
    make.Meeting(year=2019)

    page = text_of(client.get(f"{LIST}?kind=Atlantis&colour=red&view=table"))
    assert "“Atlantis” is not a value of “Kind” and was left out." in page
    assert "“colour” is not a filter of this list and was left out." in page
    assert "“view” is not a filter" in page

    page = text_of(client.get(f"{LIST}?year=2019&status=coming&kind=seminar"))
    assert "leaving out one of the filters would not help" in page
    page = text_of(client.get(f"{LIST}?year=2019&status=coming"))
    assert "Remove the filter “Status”: 1 result" in page


def test_list_takes_as_many_queries_for_many_as_for_few(client, django_assert_num_queries):
    for number in (1, 14):
        for _ in range(number):
            for values in (days_from_now(3), {"year": 2020}, {}):
                host = {"institution": make.Institution(), "role": "host"}
                make.Meeting(**values).meeting_institutions.create(**host)
        client.get(LIST)
        page_cache.pages.clear()
        with django_assert_num_queries(2):
            client.get(LIST)


# ------------------------------------------------------------------ meetings on other pages


def test_institution_country_and_goal_list_their_meetings(client):
    institution = make.Institution()
    hosted = make.Meeting(title="Hosted one", year=2019)
    for role in (MeetingInstitution.Role.HOST, MeetingInstitution.Role.ATTENDED):
        hosted.meeting_institutions.create(institution=institution, role=role)
    hidden = make.Meeting(title="Draft one", state="draft")
    hidden.meeting_institutions.create(institution=institution)
    coming = make.Meeting(title="Coming one", **days_from_now(9))
    with_place(make.Delegation(meeting=coming, institution=institution, people=1))
    past = make.Meeting(title="Past one", **days_from_now(-400))
    with_place(make.Delegation(meeting=past, institution=institution, people=1))

    page = text_of(client.get(institution.get_absolute_url()))

    assert re.search(
        r"Coming one.*takes part.*Past one.*attended.*Hosted one.*host</li><li>attended", page
    )
    assert "Draft one" not in page

    country, goal = make.Country(), make.SDG()
    project = make.Project(countries=[country], sdgs=[goal])
    other = make.Project(countries=[make.Country()], state="draft")
    related, unrelated = make.Meeting(title="Related"), make.Meeting(title="Unrelated")
    related.meeting_projects.create(project=project)
    unrelated.meeting_projects.create(project=other)
    for path in (f"/countries/{country.iso2}/", f"/sdgs/{goal.number}/"):
        page = text_of(client.get(path))
        assert f'href="{related.get_absolute_url()}"' in page
        assert "Unrelated" not in page


def test_list_and_home_tell_what_is_next_open_or_cancelled(client):
    make.Meeting(title="Last one", year=2019)
    assert re.search(r"Latest on record</h2>.*Last one.*What is next", text_of(client.get("/")))
    make.Meeting(title="Next one", **days_from_now(9))
    page = text_of(client.get("/"))
    assert re.search(r"What is next</h2>.*is-coming.*Next one", page)
    assert "No course or meeting is announced" not in page

    make.Meeting(**days_from_now(9), **window(-1, 1))
    assert "Registration is open" in text_of(client.get(LIST))
    Meeting.objects.update(cancelled_at=timezone.now())
    page = text_of(client.get(LIST))
    assert "Registration is open" not in page
    assert "<strong>Cancelled</strong>" in page


def test_sitemap_and_menu_lead_to_published_meetings(client):
    published, draft = make.Meeting(), make.Meeting(state="draft")
    page = client.get("/sitemap.xml").content.decode()
    assert f"{published.get_absolute_url()}</loc>" in page
    assert f"/zh-hans{published.get_absolute_url()}</loc>" in page
    assert "/meetings/</loc>" in page
    assert draft.slug not in page

    here = 'href="/activities/" aria-current="true">Activities'
    assert here in text_of(client.get(LIST))
    assert here in text_of(client.get(published.get_absolute_url()))
    here = 'href="/activities/" aria-current="page">Activities'
    assert here in text_of(client.get("/activities/"))


# ------------------------------------------------------------------ activities

ACTIVITIES = "/activities/"


def activity(title, **fields):
    return make.Meeting(**{"kind": "training_course", "capacity": None} | fields, title=title)


def test_an_activity_has_one_address_that_the_others_lead_to(client):
    course = activity("Bamboo", slug="bamboo")
    meeting, seminar = make.Meeting(kind="related_forum"), make.Meeting(kind="seminar")

    assert client.get("/activities/bamboo/").status_code == 200
    for path in ("/meetings/bamboo/", "/zh-hans/meetings/bamboo/"):
        moved = client.get(path)
        there = path.replace("meetings", "activities")
        assert (moved.status_code, moved["Location"]) == (301, there)
    # The Network's own, and what takes registrations.
    for one in (meeting, seminar):
        moved = client.get(f"/activities/{one.slug}/")
        assert (moved.status_code, moved["Location"]) == (301, f"/meetings/{one.slug}/")
    course.slug = "bamboo-course"
    course.save()
    assert client.get("/activities/bamboo/")["Location"] == "/activities/bamboo-course/"
    assert [some for _heading, some in groups(client)] == [[meeting, seminar]]
    assert '"http://portal.example.org/activities/bamboo-course/"' in client.get(
        "/api/v1/activities?q=bamboo", headers={"host": "portal.example.org"}
    ).content.decode().replace(" ", "")


def test_activities_are_filtered_alike_in_page_api_feed_calendar_and_files(client):
    chad, ghana = (make.Country(iso2=code, region="africa") for code in ("TD", "GH"))
    center = make.Institution(slug="center")
    center.institution_sectors.create(sector=make.Sector(slug="tea"))
    days = {"start_as_known": "2019-05-02", "end_as_known": "2019-05-04"}
    course = activity("Course", country=ghana, languages=["fr"], **days)
    course.meeting_countries.create(country=chad)
    course.meeting_institutions.create(institution=center, role="organiser")
    goal = make.SDG(number=7)
    project = make.Project(sdgs=[goal])
    ends = days_from_now(2)["ends_on"].isoformat()
    offer = activity("Offer", kind="study_tour", end_as_known=ends, open_to="All")
    offer.meeting_projects.create(project=project)
    activity("Month", start_as_known="2018-03", kind="forum")
    activity("Closed", year=2040, open_to="All", apply_until=date(2020, 1, 1))
    activity("Draft", state="draft", languages=["fr"])
    expected = {
        "": ["Offer", "Closed", "Course", "Month"],
        "country=TD": ["Course"],
        "country=GH&year=2019": ["Course"],
        "region=africa": ["Course"],
        "sector=tea": ["Course"],
        "institution=center": ["Course"],
        "language=fr": ["Course"],
        "kind=forum": ["Month"],
        "sdg=7": ["Offer"],
        "status=open": ["Offer"],
        "status=past": ["Course", "Month"],
    }
    for query, titles in expected.items():
        page = client.get(f"{ACTIVITIES}?{query}")
        text = client.get(f"{ACTIVITIES}export.csv?{query}").getvalue().decode("utf-8-sig")
        feed = client.get(f"{ACTIVITIES}feed/?{query}").content.decode()
        calendar = client.get(f"{ACTIVITIES}calendar.ics?{query}").content.decode()
        api = client.get(f"/api/v1/activities?{query}").json()
        assert [str(one) for _, some in page.context["groups"] for one in some] == titles, query
        assert [row["title_en"] for row in csv.DictReader(io.StringIO(text))] == titles
        assert [one["title"]["en"] for one in api["items"]] == titles
        assert sorted(re.findall(r"<entry><title>(.*?)</title>", feed)) == sorted(titles)
        # Only one of them has both days.
        assert calendar.count("BEGIN:VEVENT") == ("Course" in titles)
    assert {"code": "TD"}.items() <= api_of(client, "country=TD")["countries"][0].items()
    assert "no-such" in text_of(client.get(f"{ACTIVITIES}?country=no-such"))
    past = Meeting.objects.past().values_list("title", flat=True)
    assert list(past) == ["Course", "Month"]
    coming = Meeting.objects.coming().exclude(state="draft").values_list("title", flat=True)
    assert list(coming) == ["Offer", "Closed"]


def test_within_a_year_the_last_day_or_month_comes_first():
    activity("Day", start_as_known="2018-09-12", end_as_known="2018-09-12")
    activity("Month", start_as_known="2018-11")
    activity("Start", start_as_known="2018-08-20")
    past = Meeting.objects.past().values_list("title", flat=True)
    assert list(past) == ["Month", "Day", "Start"]


def api_of(client, query):
    return client.get(f"/api/v1/activities?{query}").json()["items"][0]


def test_the_page_of_an_activity_says_who_came_and_how_to_take_part_in_both_languages(client):
    chad = make.Country(iso2="TD", name="Chad", name_zh_hans="乍得", region="africa")
    course = activity(
        "Small hydropower",
        title_zh_hans="小水电",
        start_as_known="2012",
        end_as_known="2012-07-06",
        participants_number=24,
        participants_bound="at_least",
        countries_number=17,
        sponsor="A ministry",
        open_to="Engineers",
        open_to_zh_hans="工程师",
    )
    course.meeting_countries.create(country=chad)
    host = make.Institution(name="Center")
    course.meeting_institutions.create(institution=host, role="partner")

    english, chinese = page_of(client, course), page_of(client, course, "/zh-hans")
    for text in ("Training course · past", "to 6 July 2012", "24+", "A ministry", "Chad", "Center"):
        assert text in english
    for text in ("小水电", "至2012年7月6日", "乍得", "个国家", "咨询下一期"):
        assert text in chinese
    assert "Engineers" not in english

    course.start_as_known, course.end_as_known = "2040-07-01", "2040-07-05"
    course.save()
    with override("en"):
        english, chinese = page_of(client, course), page_of(client, course, "/zh-hans")
    assert "Training course · open now" in english
    assert "Engineers" in english
    assert "工程师" in chinese
