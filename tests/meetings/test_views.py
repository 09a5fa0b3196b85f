"""The list of meetings, and meetings on other pages."""

import re
from datetime import date

import pytest
from django.utils import timezone

from meetings.models import Meeting, MeetingInstitution
from sscnet.core.models import State
from sscnet.core.pages import page_cache
from tests import make
from tests.meetings.pages import LIST, days_from_now, page_of, text_of, window, with_place

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contact")]


# ------------------------------------------------------------------ the list


def test_meetings_of_a_year_without_days_are_coming_or_stand_under_their_year(client):
    year = timezone.localdate().year
    of_next_year, of_this_year = make.Meeting(year=year + 1), make.Meeting(year=year)
    response = client.get(LIST)
    assert list(response.context["coming"]) == [of_this_year, of_next_year]
    assert list(response.context["past"]) == []

    make.Meeting(year=2019, title="Nineteen")
    make.Meeting(year=2022, title="Twenty-two")
    page = text_of(client.get(LIST))
    assert re.search(r'<h3 id="y2022">2022</h3>.*Twenty-two.*<h3 id="y2019">.*Nineteen', page)


def test_list_keeps_coming_past_and_unknown_apart_and_hides_drafts(client):
    page = text_of(client.get(LIST))
    assert "No meetings have been announced yet." in page
    assert "its dates, place, programme and registration will appear here" in page
    assert "Year not known" not in page

    for state in (State.DRAFT, State.READY, State.WITHDRAWN):
        make.Meeting(state=state, **days_from_now(1))
        make.Meeting(state=state, year=2020)
        make.Meeting(state=state)
    context = client.get(LIST).context
    assert not any(context[name] for name in ("coming", "past", "year_not_known"))

    later, sooner = make.Meeting(**days_from_now(30)), make.Meeting(**days_from_now(-1, 0))
    past, older = make.Meeting(**days_from_now(-1)), make.Meeting(year=2020)
    of_2020_too = make.Meeting(starts_on=date(2020, 11, 25), ends_on=date(2020, 11, 25))
    unknown = make.Meeting(dates_as_stated="28 February")
    response = client.get(LIST)
    assert list(response.context["coming"]) == [sooner, later]
    assert list(response.context["past"]) == [past, of_2020_too, older]
    assert list(response.context["year_not_known"]) == [unknown]


def test_list_takes_as_many_queries_for_many_as_for_few(client, django_assert_num_queries):
    for number in (1, 14):
        for _ in range(number):
            for values in (days_from_now(3), {"year": 2020}, {}):
                host = {"institution": make.Institution(), "role": "host"}
                make.Meeting(**values).meeting_institutions.create(**host)
        client.get(LIST)
        page_cache.pages.forget()
        with django_assert_num_queries(8):
            client.get(LIST)


# ------------------------------------------------------------------ meetings on other pages


def test_institution_country_and_sector_list_their_meetings(client):
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

    country, sector = make.Country(), make.Sector()
    project = make.Project(countries=[country], sectors=[sector])
    other = make.Project(countries=[make.Country()], state="draft")
    related, unrelated = make.Meeting(title="Related"), make.Meeting(title="Unrelated")
    related.meeting_projects.create(project=project)
    unrelated.meeting_projects.create(project=other)
    for path in (f"/countries/{country.iso2}/", f"/sectors/{sector.slug}/"):
        page = text_of(client.get(path))
        assert f'href="{related.get_absolute_url()}"' in page
        assert "Unrelated" not in page


def test_list_and_home_tell_what_is_next_open_or_cancelled(client):
    make.Meeting(title="Last one", year=2019)
    assert re.search(r"Last meetings</h2>.*Last one", text_of(client.get("/")))
    make.Meeting(title="Next one", **days_from_now(9))
    page = text_of(client.get("/"))
    assert re.search(r"Next meetings</h2>.*Next one", page)
    assert "Last one" not in page

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

    assert 'href="/meetings/" aria-current="page">Meetings' in text_of(client.get(LIST))
    assert 'href="/meetings/" aria-current="true">' in page_of(client, published)
