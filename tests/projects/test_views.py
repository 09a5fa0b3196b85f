import html
import re
from datetime import date, datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from projects.models import Project, ProjectCountry
from secretariat.models import DatedFigure
from tests import make
from tests.pages import text_of

pytestmark = pytest.mark.django_db

LIST = "/projects/"


def listed(response):
    """Give the codes of the projects in a list, in its order."""
    return re.findall(
        r'<(?:li class="result"|th scope="row") id="([^"]+)"', response.content.decode()
    )


def heading_of(response):
    return html.unescape(re.search(r'<h2 id="found">([^<]*)</h2>', response.content.decode())[1])


def rich_project(n=0):
    """A project with everything that a row of the list shows."""
    return make.Project(
        area=make.PGTFArea(),
        countries=[make.Country() for _ in range(4)],
        sectors=[make.Sector(), make.Sector()],
        sdgs=[make.SDG(number=7), make.SDG(number=13)],
        submitter=make.Institution(),
        numbers=[f"INT/18/K{n:02}"],
    )


# ------------------------------------------------------------------ the list


def test_list_shows_published_projects_only_to_staff_too(client):
    published = make.Project()
    for state in ("draft", "ready", "withdrawn"):
        make.Project(state=state)

    assert listed(client.get(LIST)) == [published.code]
    client.force_login(make.Officer(permissions=["projects.view_project"]))
    assert listed(client.get(LIST)) == [published.code]


def test_list_says_how_many_in_words_beside_the_networks_own_dated_count(client):
    viet_nam = make.Country(iso2="VN", name="Viet Nam")
    make.Project()
    assert heading_of(client.get(LIST)) == "1 project"
    make.Project(countries=[viet_nam])
    assert heading_of(client.get(LIST)) == "2 projects"
    page = client.get(f"{LIST}?country=VN")
    assert heading_of(page) == "1 project in Viet Nam"
    assert 'role="status" id="announcement">1 project in Viet Nam</p>' in text_of(page)

    make.DatedFigure(figure=DatedFigure.Figure.PGTF_PROJECTS, value=65, as_of="2023-12")
    page = text_of(client.get(LIST))
    assert "the Network counted 65 projects" in page
    assert "December 2023" in page


def test_list_asks_the_database_as_often_for_20_rows_as_for_1(client, django_assert_num_queries):
    for first, last in ((0, 1), (1, 20)):
        for n in range(first, last):
            rich_project(n)
        country = ProjectCountry.objects.first().country_id
        for view in ("", "&view=table", "&view=map"):
            client.get(f"{LIST}?{view}")  # Now the index is built, the words are read.
            with django_assert_num_queries(1 if "map" in view else 2):  # The log, the rows.
                client.get(f"{LIST}?country=none&country={country}{view}")
    assert len(client.get(LIST).content) <= 60_000

    client.get(f"{LIST}?sdg=7&sdg=13&q=biogas")
    with django_assert_num_queries(4):  # The log, the search, its best matches, the rows.
        client.get(f"{LIST}?q=project&sdg=7&sdg=13")
    with django_assert_num_queries(1):
        client.get(f"{LIST}?q=project&sdg=7&sdg=13")


def test_sample_records_say_so_and_a_card_one_sentence(client):
    project = make.Project(is_sample=True)
    assert '<span class="tag">sample</span>' in text_of(client.get(f"{LIST}?samples=1"))
    assert "Sample: made up" in text_of(client.get(project.get_absolute_url()))

    summary = "The institute trained 20 people in Viet Nam on biogas. Then it went on."
    make.Project(summary=summary, granted_usd=29000)
    page = text_of(client.get(LIST))
    assert '<p class="sentence">The institute trained 20 people in Viet Nam on biogas.</p>' in page
    assert "Grant of the Fund: US$ 29,000" in page
    make.Project(countries=[make.Country(name=f"C{n}") for n in range(5)])
    page = text_of(client.get(LIST, {"view": "table"}))
    assert "<li>C0</li><li>C1</li><li>C2</li></ul> and 2 more" in page


def test_pages_keep_the_filters_and_one_beyond_the_end_shows_one_that_exists(client):
    for _ in range(21):
        make.Project(status="completed")

    page = text_of(client.get(f"{LIST}?status=completed"))
    assert "?status=completed&amp;page=2" in page
    for number in ("999999999999999999999", "-1", "9" * 5000):
        response = client.get(LIST, {"page": number})
        assert response.status_code == 200
        assert len(listed(response)) in (1, 20)


def test_clear_all_leads_to_the_whole_list_and_what_is_typed_is_shown_as_text(client):
    make.Project(status="completed")
    page = text_of(client.get(f"{LIST}?status=completed&q=x"))
    assert '<a class="chip" href="/projects/">Clear all</a>' in page
    assert 'href="/projects/?q=x"' in page

    page = client.get(LIST, {"q": '"><script>x</script>', "country": "<b>"}).content.decode()
    assert "<script>x" not in page
    assert "<b>" not in page


def test_an_empty_catalogue_or_result_and_an_unknown_value_say_what_to_do(client):
    assert "The projects of the Network will appear here" in text_of(client.get(LIST))

    make.Project(countries=[make.Country(iso2="VN")])
    response = client.get(f"{LIST}?country=VN&country=XX")
    assert "“XX” is not a value of" in text_of(response)
    assert response.context["page"].paginator.count == 1

    make.Country(iso2="FR")
    make.Project(sectors=[make.Sector(slug="trade")])
    page = text_of(client.get(f"{LIST}?country=FR&sector=trade"))
    assert "Remove the filter “Country”: 1 result" in page
    assert "Remove the filter “Sector”" not in page


HOSTILE = [
    "q=%00",
    "q=%ff%fe",
    "country=%F0%9F%98%80",
    "country=%ED%A0%80",
    "q=" + "x" * 5000,
    "q=" + quote("'; DROP TABLE projects_project; --"),
    "q=%25%5C_%27%22%3Cscript%3E",
    "sort=nonsense",
    "sort=title&sort=grant",
    "sdg=6&sdg=6&sdg=06&sdg=-1&sdg=9999999999999999999999",
    "status[]=completed&page=1.5&page=",
    "page=%E4%B8%80",
    "area=none&area=&programme=&status=null",
    "&".join(f"country=C{n}" for n in range(900)),
    "q=" + "+".join("ab" for _ in range(66)),
    "?&&==;;",
]


def test_no_parameter_makes_a_server_error(client):
    make.Project(countries=[make.Country(iso2="VN")])

    for path in (LIST, "/zh-hans/projects/", "/members/", "/", "/projects/x/"):
        for query in HOSTILE:
            response = client.get(path, QUERY_STRING=query)
            assert response.status_code in (200, 400, 404), (path, query)


def test_the_language_switch_keeps_filters_and_a_title_names_the_portal(client):
    for title, shown in (("Biogas", "Biogas – South-South Network"), ("Tea " * 12 + "x",) * 2):
        page = client.get(make.Project(title=title).get_absolute_url()).content.decode()
        assert f"<title>{shown}</title>" in page

    page = text_of(client.get(f"{LIST}?country=VN&q=%E6%B2%BC"))
    assert 'href="/zh-hans/projects/?country=VN&amp;q=%E6%B2%BC"' in page
    page = text_of(client.get("/zh-hans/projects/?country=VN"))
    assert 'href="/projects/?country=VN"' in page
    assert client.post(reverse("projects:list")).status_code == 405
    assert client.head(reverse("projects:list")).status_code == 200


# ------------------------------------------------------------------ a project


def test_project_page_shows_what_is_stated_in_the_order_a_reader_asks(client):
    project = rich_project(8)
    Project.objects.filter(pk=project.pk).update(
        granted_usd=29000,
        other_inputs_usd=56000,
        approval_meeting="41st Annual Ministerial Meeting",
        approved_on=date(2017, 9, 22),
        final_report_on="2019-05",
        outcome="A forum in Kuala Lumpur.",
    )
    make.Source(record=project, name="Group of 77", address="https://example.org/g77")

    page = text_of(client.get(project.get_absolute_url()))

    for text in (
        "INT/18/K08",
        "4 countries",
        "US$ 29,000",
        "US$ 56,000",
        "US$ 85,000",
        "41st Annual Ministerial Meeting",
        "22 September 2017",
        "May 2019",
        "A forum in Kuala Lumpur.",
        "https://example.org/g77",
        "How we know this",
        "our classification",
        "On this site since",
    ):
        assert text in page

    Project.objects.filter(pk=project.pk).update(
        summary="A sentence.", challenge="Smoke.", outcome="A forum.", granted_usd=1000
    )
    Project.objects.filter(pk=project.pk).update(beneficiaries_number=200)
    page = text_of(client.get(project.get_absolute_url()))
    assert re.search(r"<dt>people reached</dt>\s*<dd>200</dd>", page)
    told = ["A sentence.", "A forum.", "Smoke.", "<dt>Institutions", "<dt>Money", ">Goals and"]
    assert sorted(told, key=page.index) == told


def test_the_lead_country_stands_first_and_missing_facts_are_asked_for_in_one_line(client):
    project = make.Project()
    make.ProjectCountry(project=project, country=make.Country(iso2="BD", name="Bangladesh"))
    make.ProjectCountry(project=project, country=make.Country(iso2="CN", name="China"), role="lead")
    page = text_of(client.get(project.get_absolute_url()))
    assert "China</a> <small>lead</small>" in page
    assert page.index(">China</a>") < page.index(">Bangladesh</a>")

    project = make.Project(programme="", granted_usd=1000, sectors=[make.Sector()])
    page = client.get(project.get_absolute_url()).content.decode()
    assert page.count("Do you know more? Write to us") == 1
    assert "not stated" not in page.lower()


def test_a_date_is_written_as_exactly_as_it_is_known(client):
    for path, stated, shown in [
        ("/projects/", "2019", "2019"),
        ("/projects/", "2019-05", "May 2019"),
        ("/projects/", "2019-05-21", "21 May 2019"),
        ("/zh-hans/projects/", "2019-05", "2019年5月"),
        ("/zh-hans/projects/", "2019-05-21", "2019年5月21日"),
    ]:
        project = make.Project(final_report_on=stated)
        assert f"<dd>{shown}</dd>" in text_of(client.get(f"{path}{project.slug}/"))


def test_a_text_is_shown_in_the_other_language(client):
    project = make.Project(title="Biogas", outcome="", outcome_zh_hans="举办论坛。")
    page = text_of(client.get(project.get_absolute_url()))
    assert '<div class="prose" lang="zh-Hans"><p>举办论坛。</p></div>' in page
    assert '<small class="other-language">in Chinese</small>' in page
    assert '<h1 lang="en">Biogas</h1>' in text_of(client.get(f"/zh-hans/projects/{project.slug}/"))


def test_project_page_asks_the_database_at_most_6_times(client, django_assert_max_num_queries):
    project = rich_project()
    for _ in range(5):
        make.ProjectInstitution(project=project)
        make.ProjectCountry(project=project)
        make.Source(record=project)

    client.get(project.get_absolute_url())  # Builds the index of related projects.

    with django_assert_max_num_queries(6):
        client.get(project.get_absolute_url())


def test_a_withdrawn_project_keeps_its_address_and_an_old_one_leads_to_the_new(client):
    withdrawn_at = datetime(2026, 3, 1, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
    project = make.Project(state="withdrawn", withdrawn_at=withdrawn_at, outcome="No longer shown.")
    page = text_of(client.get(project.get_absolute_url()))
    assert "withdrew this project from the catalogue on 1 March 2026" in page
    assert '<meta name="robots" content="noindex">' in page
    assert "No longer shown." not in page

    project = make.Project(title="First title")
    old = project.get_absolute_url()
    project.slug = "second"
    project.save()
    assert client.get(old).headers["Location"] == "/projects/second/"
    assert client.get("/zh-hans" + old).headers["Location"] == "/zh-hans/projects/second/"


def test_codes_and_fund_numbers_lead_to_the_page_of_samples_too(client):
    project = make.Project(numbers=["INT/18/K08"])
    assert client.get(f"/projects/{project.code}/").url == project.get_absolute_url()
    assert client.get("/projects/INT/18/K08/").url == project.get_absolute_url()
    assert client.get("/projects/INT/18/K09/").status_code == 404
    code = project.code.lower()
    for spelling in (code, code.replace("-", ""), "INT18K08", "int-18-k08", "18/K8", "INT 18 K08"):
        assert client.get(f"/projects/{spelling}/").url == project.get_absolute_url(), spelling
    assert client.get("/projects/SSC-9999/").status_code == 404

    project = make.Project(code="SAMPLE-000001", is_sample=True)
    assert client.get(project.get_absolute_url()).status_code == 200
    assert client.get("/projects/SAMPLE-000001/")["Location"] == project.get_absolute_url()
    assert client.get("/projects/feed/").status_code == 200


def test_drafts_and_personal_contacts_are_for_permitted_staff_only(client):
    contact = make.User(email="person@example.org")
    project = make.Project(contact=contact)
    public = text_of(client.get(project.get_absolute_url()))
    assert "person@example.org" not in public

    draft = make.Project(state="draft", numbers=["INT/18/K08"])
    assert client.get("/projects/INT/18/K08/").status_code == 404
    assert client.get(f"/projects/{draft.code}/").status_code == 404
    assert client.get(draft.get_absolute_url()).status_code == 404
    client.force_login(make.Officer())
    assert client.get(draft.get_absolute_url()).status_code == 404
    client.force_login(make.User(permissions=["projects.view_project"]))
    page = text_of(client.get(draft.get_absolute_url()))
    assert "Not public: draft." in page
    assert '<meta name="robots" content="noindex">' in page

    assert "person@example.org" in text_of(client.get(project.get_absolute_url()))


def test_the_page_names_itself_in_both_languages_and_ends_no_script(client):
    project = make.Project(title="Biogas", outcome="A forum.")
    address = f"http://testserver{project.get_absolute_url()}"
    chinese = address.replace("/projects/", "/zh-hans/projects/")
    page = text_of(client.get(project.get_absolute_url() + "?x=1"))
    assert f'<link rel="canonical" href="{address}">' in page
    assert f'<link rel="alternate" hreflang="zh-Hans" href="{chinese}">' in page
    assert f'<link rel="alternate" hreflang="x-default" href="{address}">' in page
    assert "<title>Biogas – " in page
    assert '<meta name="description" content="A forum.">' in page

    project = make.Project(title="</script><script>alert(1)</script>")
    page = client.get(project.get_absolute_url()).content.decode()
    assert "<script>alert" not in page


def test_what_is_as_it_came_was_not_changed_on_the_day_it_was_loaded(client):
    project = make.Project(created_at=timezone.now() - timedelta(days=9))
    assert "On this site since" not in text_of(client.get(project.get_absolute_url()))
    assert "Last changed on" in text_of(client.get(project.get_absolute_url()))


def test_one_project_alone_is_compared_with_none(client):
    """A box that names the form of the comparison, which is not there, is an error of HTML."""
    make.Project()
    assert 'form="compare"' not in text_of(client.get("/projects/"))
    make.Project()
    page = text_of(client.get("/projects/"))
    assert 'form="compare"' in page
    assert '<form id="compare"' in page
