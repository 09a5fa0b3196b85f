"""The API: the lists of the pages as JSON, told apart from errors, kept, limited, open to all."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from projects.models import Project
from secretariat.models import DatedFigure
from tests import make

pytestmark = pytest.mark.django_db

API = "/api/v1"
PROJECTS = f"{API}/projects"


def get(address, **headers):
    return Client(raise_request_exception=False).get(address, headers=headers)


def read(address, **headers):
    response = get(address, **headers)
    assert response.status_code == 200, response.content
    assert response.headers["Content-Type"].startswith("application/json")
    return json.loads(response.content)


def codes(answer):
    return [item["code"] for item in answer["items"]]


# ------------------------------------------------------------------ the lists


def test_projects_take_the_parameters_of_the_page():
    vietnam = make.Country(iso2="VN")
    for title in "BAC":
        make.Project(title=title, countries=[vietnam], granted_usd=29000)
    make.Project(title="Elsewhere")
    make.Project(title="Draft", countries=[vietnam], state="draft")
    answer = read(f"{PROJECTS}?country=VN&sort=-title&country=XX")
    assert [item["title"]["en"] for item in answer["items"]] == ["C", "B", "A"]
    assert answer["total"] == 3
    assert answer["ignored"] == [{"name": "country", "value": "XX"}]
    assert answer["items"][0]["granted_usd"] == "29000.00"
    assert answer["items"][0]["countries"][0]["role"] == "lead"


LISTS = ["projects", "institutions", "meetings", "countries", "sectors", "sdgs", "figures"]


@pytest.mark.parametrize("kind", LISTS)
def test_every_list_names_what_it_ignored(kind):
    answer = read(f"{API}/{kind}?foo=1&foo=2&view=map&per_page=5&lang=zh")
    assert answer["ignored"] == [
        {"name": "foo", "value": "1"},
        {"name": "foo", "value": "2"},
        {"name": "view", "value": "map"},
    ]
    assert "lang=zh" in answer["links"]["first"]


def test_meetings_take_the_parameters_of_the_page():
    make.Meeting(title="Seminar", kind="seminar", year=2020)
    make.Meeting(title="Annual meeting", year=2020)
    answer = read(f"{API}/meetings?kind=seminar&kind=tea&year_to=2021")
    assert [item["title"]["en"] for item in answer["items"]] == ["Seminar"]
    assert answer["heading"] == "1 meeting in 2021 or earlier of the kind “seminar”"
    assert answer["ignored"] == [{"name": "kind", "value": "tea"}]


@pytest.mark.parametrize("kind", ["projects", "institutions", "meetings"])
def test_items_carry_their_sources_with_confidence(kind):
    maker = {"projects": make.Project, "institutions": make.Institution, "meetings": make.Meeting}
    for _n in range(3):
        make.Source(record=maker[kind](), name="Page", confidence="low")
    items = read(f"{API}/{kind}")["items"]
    assert [item["sources"][0]["confidence"] for item in items] == ["low"] * 3
    assert all(item["basis"] for item in items)
    alone = read(items[0]["links"]["self"].removeprefix("http://testserver"))
    assert alone.items() >= items[0].items()


def test_a_meeting_names_its_institutions():
    meeting, host = make.Meeting(), make.Institution(name="Bamboo Centre")
    meeting.meeting_institutions.create(institution=host, role="host")
    [item] = read(f"{API}/meetings")["items"]
    assert item["institutions"] == [
        {"slug": host.slug, "role": "host", "name": {"en": "Bamboo Centre", "zh": None}}
    ]


def test_the_description_says_where_the_api_is_and_what_everything_means(settings):
    document = read(f"{API}/openapi.json")
    assert document["servers"][0]["url"] == settings.PORTAL_ADDRESS
    undescribed = [
        (path, parameter["name"])
        for path, operations in document["paths"].items()
        for operation in operations.values()
        for parameter in [*operation.get("parameters", ()), {"name": "", **operation}]
        if not parameter.get("description")
    ]
    undescribed += [
        (name, field)
        for name, schema in document["components"]["schemas"].items()
        for field, about in schema.get("properties", {}).items()
        if not about.get("description")
    ]
    assert undescribed == []


def test_pages_are_linked_in_the_answer_and_in_its_header():
    vietnam = make.Country(iso2="VN")
    make.Project.create_batch(7, countries=[vietnam])
    address, seen = f"{PROJECTS}?country=VN&per_page=3&lang=zh", []
    while address:
        response = get(address)
        answer = json.loads(response.content)
        seen += codes(answer)
        address = answer["links"]["next"]
    assert len(set(seen)) == len(seen) == answer["total"] == 7
    assert (answer["page"], answer["pages"], len(answer["items"])) == (3, 3, 1)
    assert response.headers["Content-Language"] == "zh-Hans"


def test_a_page_beyond_the_end_is_the_last_one():
    make.Project.create_batch(3)
    assert read(f"{PROJECTS}?per_page=2&page=99")["page"] == 2


def test_queries_do_not_grow_with_the_page():
    for _n in range(10):
        submitter = make.Institution()
        make.Project(countries=[make.Country()], sdgs=[make.SDG()], submitter=submitter)
    read(PROJECTS)
    counts = []
    for per_page in (1, 10):
        with CaptureQueriesContext(connection) as queries:
            assert len(read(f"{PROJECTS}?per_page={per_page}")["items"]) == per_page
        counts.append(len(queries))
    assert counts[0] == counts[1] < 30


@pytest.mark.parametrize("key", ["code", "slug"])
def test_a_project_is_found_by_code_and_by_address(key):
    project = make.Project(title="Biogas", title_zh_hans="沼气", sdgs=[make.SDG(number=7)])
    make.Source(record=project, name="Page", address="https://example.org/")
    answer = read(f"{PROJECTS}/{getattr(project, key)}")
    assert answer["title"] == {"en": "Biogas", "zh": "沼气"}
    assert answer["sdgs"][0] == {
        "number": 7,
        "is_primary": True,
        "target": None,
        "reason": {"en": None, "zh": None},
    }
    source = {"number": 1, "name": {"en": "Page", "zh": None}, "address": "https://example.org/"}
    source |= dict.fromkeys(("how", "confidence", "read_on")) | {"fields": []}
    assert answer["sources"] == [source]
    assert answer["status"] is None
    assert answer["links"]["page"]["zh"] == f"http://testserver/zh-hans/projects/{project.slug}/"
    assert read(answer["links"]["self"].removeprefix("http://testserver")) == answer


def test_a_sample_project_is_found_by_its_code():
    project = make.Project(code="SAMPLE-000274", is_sample=True)
    assert read(f"{PROJECTS}/SAMPLE-000274")["slug"] == project.slug


def test_an_old_address_still_finds_its_project():
    project = make.Project(slug="old")
    Project.objects.filter(pk=project.pk).update(slug="new")
    assert read(f"{PROJECTS}/old")["slug"] == "new"


def test_code_lists_institutions_meetings_and_figures_are_there():
    country, sector, goal = make.Country(iso2="VN"), make.Sector(), make.SDG(number=7)
    make.Project(countries=[country], sectors=[sector], sdgs=[goal])
    make.Project(countries=[country], state="draft")
    institution, meeting = make.Institution(), make.Meeting()
    figure = make.DatedFigure()
    make.Source(record=figure, name="Report")
    assert read(f"{API}/countries")["items"][0]["projects"] == 1
    for name in ("sectors", "sdgs"):
        assert [one["projects"] for one in read(f"{API}/{name}")["items"]] == [1]
    assert read(f"{API}/institutions")["items"] == [read(f"{API}/institutions/{institution.slug}")]
    assert read(f"{API}/meetings")["items"] == [read(f"{API}/meetings/{meeting.slug}")]
    [told] = read(f"{API}/figures")["items"]
    assert (told["value"], told["as_of"]) == (51, "2024-04")
    assert told["sources"][0]["name"]["en"] == "Report"
    assert DatedFigure.objects.count() == 1


@pytest.mark.parametrize("kind", ["projects", "institutions", "meetings"])
def test_what_is_not_public_is_not_there(kind):
    makers = {
        "projects": make.Project,
        "institutions": make.Institution,
        "meetings": make.Meeting,
    }
    for state in ("draft", "ready", "withdrawn"):
        record = makers[kind](state=state)
        assert get(f"{API}/{kind}/{record.slug}").status_code == 404
    assert read(f"{API}/{kind}")["total"] == 0


# ------------------------------------------------------------------ language


@pytest.mark.parametrize(
    ("query", "header", "language"),
    [
        ("", "", "en"),
        ("", "zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("", "fr, zh-TW;q=0.5", "zh-Hans"),
        ("", "fr", "en"),
        ("?lang=en", "zh-CN", "en"),
        ("?lang=zh", "", "zh-Hans"),
        ("?lang=xx", "zh-CN", "zh-Hans"),
    ],
)
def test_the_parameter_goes_before_the_header(query, header, language):
    headers = {"Accept-Language": header} if header else {}
    response = get(f"{PROJECTS}{query}", **headers)
    assert response.headers["Content-Language"] == language
    assert "Accept-Language" in response.headers["Vary"]
    heading = json.loads(response.content)["heading"]
    assert heading == ("0 projects" if language == "en" else "0个项目")


# ------------------------------------------------------------------ errors


@pytest.mark.parametrize(
    ("address", "status", "told"),
    [
        (f"{PROJECTS}/no-such", 404, "/api/v1/docs"),
        (f"{API}/no-such", 404, "/api/v1/docs"),
        (f"{PROJECTS}?page=0", 422, "page"),
        (f"{PROJECTS}?per_page=10000&page=x", 422, "per_page"),
        (f"{PROJECTS}?country=%00", 400, "NUL"),
        (f"{PROJECTS}?country=%ff", 400, "UTF-8"),
        (f"{PROJECTS}?{'&'.join(['country=VN'] * 6000)}", 400, "address"),
    ],
)
def test_errors_are_problem_details(address, status, told):
    response = get(address)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = json.loads(response.content)
    assert problem["status"] == status
    assert told in problem["detail"]
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_it_can_only_be_read(client):
    response = client.post(PROJECTS, {})
    assert response.status_code == 405
    assert json.loads(response.content)["title"] == "Method Not Allowed"
    assert "GET" in response.headers["Allow"]


def test_over_http_it_is_refused_and_its_page_is_led_to_https(settings):
    settings.SECURE_SSL_REDIRECT = True

    response = get(PROJECTS)
    assert (response.status_code, json.loads(response.content)["status"]) == (403, 403)
    assert Client().get(PROJECTS, secure=True).status_code == 200
    assert get(f"{API}/docs").headers["Location"].startswith("https://")


def test_a_fault_of_ours_is_a_problem_too(monkeypatch):
    monkeypatch.setattr("secretariat.api.describe.project_row", None)
    make.Project()
    monkeypatch.setattr("secretariat.api.v1.ProjectFilter", None)
    response = get(PROJECTS)
    assert response.status_code == 500
    assert json.loads(response.content)["status"] == 500


# ------------------------------------------------------------------ kept, open, limited


def test_who_has_it_is_told_that_nothing_changed():
    project = make.Project()
    first = get(PROJECTS)
    again = get(PROJECTS, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    Project.objects.filter(pk=project.pk).update(title="Another")
    changed = get(PROJECTS, **{"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


def test_a_renamed_country_is_news_as_well():
    country = make.Country(name="Old")
    make.Project(countries=[country])
    etag = get(PROJECTS).headers["ETag"]
    country.name = "New"
    country.save()
    assert get(PROJECTS, **{"If-None-Match": etag}).status_code == 200


def test_any_page_may_read_it_and_asks_first():
    response = get(PROJECTS, Origin="https://example.org")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in response.headers
    assert "Retry-After" in response.headers["Access-Control-Expose-Headers"]
    asked = Client().options(PROJECTS, headers={"Origin": "https://example.org"})
    assert asked.status_code == 204
    assert "If-None-Match" in asked.headers["Access-Control-Allow-Headers"]


def test_other_pages_are_not_open_to_scripts_of_others(client):
    assert "Access-Control-Allow-Origin" not in client.get("/projects/").headers


def test_head_gives_the_headers_alone():
    make.Project()
    full, head = get(PROJECTS), Client().head(PROJECTS)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] == full.headers["ETag"]
    assert int(head.headers["Content-Length"]) == len(full.content)


def test_whoever_asks_too_often_is_told_when_to_come_back(settings):
    settings.API_REQUESTS_A_MINUTE = 3
    answers = [get(PROJECTS) for _n in range(5)]
    assert [a.status_code for a in answers[:3]] == [200] * 3
    refused = answers[-1]
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert "3 requests" in json.loads(refused.content)["detail"]
    assert Client(REMOTE_ADDR="192.0.2.7").get(PROJECTS).status_code == 200
    assert Client().get("/projects/").status_code == 200


def test_the_addresses_of_one_ipv6_customer_count_as_one(settings):
    settings.API_REQUESTS_A_MINUTE = 1
    came = ["2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:1::1"]
    assert [Client(REMOTE_ADDR=one).get(PROJECTS).status_code for one in came] == [200, 429, 200]


# ------------------------------------------------------------------ described


def test_the_document_names_every_address_and_every_filter_of_the_list():
    document = read(f"{API}/openapi.json")
    parameters = document["paths"]["/api/v1/projects"]["get"]["parameters"]
    names = {parameter["name"] for parameter in parameters}
    assert {"q", "country", "sdg_primary", "year_from", "year_to", "sort", "page"} <= names
    for address in ("countries", "figures", "institutions", "meetings", "sdgs", "sectors"):
        assert f"/api/v1/{address}" in document["paths"]


def test_the_page_of_the_document_runs_nothing_inline_and_nothing_of_others(client):
    page = client.get(reverse("api-1:openapi-view")).content.decode()
    assert "https://" not in page
    assert " style=" not in page
    assert "csrf" not in page.replace("data-csrf-token", "").replace("data-api-csrf", "")
    assert "/static/ninja/swagger-ui-bundle.js" in page
    assert page.count("<script") == page.count("<script src=") + 1
