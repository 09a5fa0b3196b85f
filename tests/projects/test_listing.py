"""What an address gives: results, numbers, words, addresses."""

import json
import os

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from projects.catalogue.filters import ProjectFilter
from projects.models import Project
from sscnet.core.i18n.collation import sort_key
from sscnet.core.models import State
from sscnet.facets import engine
from sscnet.facets.filters import ValuesFilter
from tests import make
from tests.deploy.documented import documented
from tests.projects.list_checker import Records
from tests.projects.made_records import make_records

pytestmark = pytest.mark.django_db

EXAMPLES = 3000 if os.environ.get("PROOF") else 100


def select(query="", index=None):
    return ProjectFilter.listing(QueryDict(query), index)


def numbers(listing, name):
    return {value.code: value.count for value in listing.facet(name).values}


@pytest.fixture
def countries():
    return {
        code: make.Country(iso2=code, name=name, region=region)
        for code, name, region in [
            ("VN", "Viet Nam", "asia"),
            ("LK", "Sri Lanka", "asia"),
            ("KE", "Kenya", "africa"),
        ]
    }


class TestMeaning:
    def test_the_number_is_of_those_that_match_the_other_filters(self, countries):
        for codes in (["VN"], ["VN", "LK"], ["LK"], ["KE"]):
            make.Project(countries=[countries[code] for code in codes])
        assert numbers(select(), "country") == {"VN": 2, "LK": 2, "KE": 1}
        assert numbers(select("country=VN"), "country") == {"VN": 2, "LK": 2, "KE": 1}
        assert numbers(select("country=VN&status=none"), "country") == {"VN": 2, "LK": 2, "KE": 1}
        assert numbers(select("country=VN&status=ongoing"), "country") == {"VN": 0}

    def test_values_and_years_widen_and_filters_narrow(self, countries):
        projects = {year: make.Project(year_approved=year) for year in (1999, 2005, 2010, None)}
        found = select("year_from=2000&year_to=2005&year=none").ids
        assert set(found) == {projects[2005].pk, projects[None].pk}
        assert list(select("year_from=2006").ids) == [projects[2010].pk]
        assert list(select("year_to=1999&year_from=2004").ids) == [projects[1999].pk]
        assert numbers(select("year_from=2006"), "year")["1999"] == 1

        tea = make.Sector(slug="tea")
        one = make.Project(countries=[countries["VN"]], sectors=[tea])
        two = make.Project(countries=[countries["LK"]], sectors=[tea])
        make.Project(countries=[countries["LK"]])
        make.Project(countries=[countries["KE"]], sectors=[tea])
        assert set(select("country=VN&country=LK&sector=tea").ids) == {one.pk, two.pk}

    def test_regions_roll_up_and_a_role_narrows_the_institution(self, countries):
        asian = make.Project(countries=[countries["VN"], countries["LK"]])
        make.Project(countries=[countries["KE"]])
        assert list(select("region=asia").ids) == [asian.pk]

        one, two = make.Institution(slug="one"), make.Institution(slug="two")
        leads, helps = make.Project(submitter=one), make.Project(submitter=two)
        make.ProjectInstitution(project=helps, institution=one, role="supporter")
        assert list(select("institution=one&role=submitter").ids) == [leads.pk]
        assert set(select("role=submitter").ids) == {leads.pk, helps.pk}
        assert select("institution=none&role=submitter").count == 0
        assert numbers(select("institution=one"), "role") == {"submitter": 1, "supporter": 1}
        assert numbers(select("role=supporter"), "institution") == {"one": 1}

    def test_only_published_and_a_ticked_value_of_nobody_stay_in_sight(self, countries):
        make.Project(state=State.DRAFT, status="ongoing")
        assert (select().count, numbers(select(), "status")) == (0, {})

        make.Project(countries=[countries["VN"]])
        shown = select("sector=none&country=KE").facet("country").in_sight
        assert [(value.code, value.count, value.is_ticked) for value in shown] == [
            ("VN", 1, False),
            ("KE", 0, True),
        ]

    def test_unknown_values_are_told_and_the_rest_applies(self, countries):
        project = make.Project(countries=[countries["VN"]])
        make.Project(countries=[countries["KE"]])
        listing = select("country=VN&country=XX&year_from=soon&sort=nicest&status=&made_up=1")
        assert list(listing.ids) == [project.pk]
        assert [(unknown.name, unknown.value) for unknown in listing.unknown] == [
            ("country", "XX"),
            ("year_from", "soon"),
            ("sort", "nicest"),
            ("made_up", "1"),
        ]

    def test_a_search_narrows_too(self):
        one = make.Project(title="Biogas for all", status="ongoing")
        two = make.Project(title="Biogas for some")
        make.Project(title="Tea", status="ongoing")
        assert set(select("q=biogas").ids) == {one.pk, two.pk}
        assert list(select("q=biogas&status=ongoing").ids) == [one.pk]
        assert {way.name: way.count for way in select("q=biogas&status=ongoing").ways_out} == {
            "q": 2,
            "status": 2,
        }


class TestNewFilter:
    """A new filter is one entry: nothing else knows it."""

    class WithLetter(ProjectFilter):
        letter = ValuesFilter(
            "approval_meeting",
            label="First letter",
            labels=lambda: {"a": "the letter A", "b": "the letter B"},
        )

    def test_it_filters_and_counts_and_speaks(self):
        for meeting in ("a", "a", "b", ""):
            make.Project(approval_meeting=meeting, status="ongoing")
        asked = QueryDict("letter=b&letter=none&letter=z&status=ongoing")
        listing = self.WithLetter.listing(asked)
        assert listing.count == 2
        assert numbers(listing, "letter") == {"a": 2, "b": 1, "none": 1}
        assert [chip.label for chip in listing.chips if chip.name == "letter"] == [
            "the letter B",
            "not stated",
        ]
        assert [(unknown.name, unknown.value) for unknown in listing.unknown] == [("letter", "z")]
        assert {way.name: way.count for way in listing.ways_out}["letter"] == 4
        assert listing.query() == "?status=ongoing&letter=b&letter=none"
        assert "the letter B" in listing.heading

    def test_the_documented_one_filters(self):
        for status in ("ongoing", "completed"):
            make.Project(status=status)
        entry = documented("docs/developers.md", "status = ValuesFilter")
        exec(entry, {"ValuesFilter": ValuesFilter, "_": str}, declared := {})
        documented_list = type("Documented", (ProjectFilter,), declared)
        assert documented_list.listing(QueryDict("status=ongoing")).count == 1

    @pytest.fixture
    def declared(self):
        ProjectFilter.base_filters["letter"] = self.WithLetter.base_filters["letter"]
        engine.forget()
        yield
        del ProjectFilter.base_filters["letter"]
        engine.forget()

    def test_every_view_and_file_of_the_list_has_it(self, client, declared):
        viet_nam = make.Country(iso2="VN", name="Viet Nam", tile_column=1, tile_row=1)
        found = make.Project(approval_meeting="b", countries=[viet_nam])
        other = make.Project(approval_meeting="a", countries=[viet_nam])
        client.force_login(make.User(is_staff=True, is_superuser=True))

        def ask(path, **params):
            return b"".join(client.get(f"/projects/{path}", {"letter": "b", **params})).decode()

        for view in ("", "table"):
            page = ask("", view=view)
            assert 'name="letter" value="b"' in page
            assert f"/projects/{found.slug}/" in page
            assert f"/projects/{other.slug}/" not in page
        assert "<title>Viet Nam: 1 project" in ask("", view="map")
        assert "The letter A" in ask("values/letter/")
        assert "the letter B" in ask("export/")
        assert [row["code"] for row in json.loads(ask("export.json"))["rows"]] == [found.code]


class TestOrder:
    def test_what_is_not_stated_stands_last_and_letters_apart(self):
        early, late, never = (make.Project(year_approved=year) for year in (1990, 2010, None))
        assert list(select().ids) == [late.pk, early.pk, never.pk]
        assert list(select("sort=-newest").ids) == [early.pk, late.pk, never.pk]

        assert sorted(["ä2", "B", "a3", "A1"], key=sort_key) == ["A1", "ä2", "a3", "B"]

    def test_titles_stand_as_people_expect(self):
        titles = ["zebra", "Élan", "“Alpha”", "beta"]
        made = {title: make.Project(title=title).pk for title in titles}
        expected = [made[title] for title in ("“Alpha”", "beta", "Élan", "zebra")]
        assert list(select("sort=title").ids) == expected
        assert list(select("sort=-title").ids) == expected[::-1]

    def test_chinese_titles_stand_by_pinyin(self):
        titles = ["竹子", "沼气", "安徽", "茶"]
        made = {title: make.Project(title="x", title_zh_hans=title).pk for title in titles}
        with translation.override("zh-hans"):
            found = list(select("sort=title").ids)
        assert found == [made[title] for title in ("安徽", "茶", "沼气", "竹子")]

    def test_pages_and_all_records_are_the_whole_list(self):
        made = {make.Project().pk for _ in range(7)}
        listing = select()
        pages = [listing.page(number, size=3).object_list for number in (1, 2, 3)]
        assert [len(page) for page in pages] == [3, 3, 1]
        assert {id for page in pages for id in page} == made
        assert [project.pk for project in listing.all_records(Project.objects)] == [*listing.ids]
        assert listing.page("9", size=3).number == 3
        assert listing.page("x", size=3).number == 1

    def test_rows_come_in_the_order_of_the_ids(self):
        for year in (2001, 2003, 2002):
            make.Project(year_approved=year)
        listing = select()
        rows = listing.records(listing.page(1).object_list)
        assert [row.year_approved for row in rows] == [2003, 2002, 2001]


class TestAddresses:
    def test_an_address_leads_to_its_list_and_chips_drop_each_value(self, countries):
        listing = select("q=tea&country=VN&country=LK&sort=title&view=table&page=4&x=1")
        assert listing.query() == "?q=tea&country=VN&country=LK&sort=title&view=table"
        assert listing.query(page=2).endswith("&page=2")
        assert listing.query("country") == "?q=tea&sort=title&view=table"
        assert select("country=VN&sort=title").query(sort="newest") == "?country=VN"
        assert listing.query(view="map").endswith("&sort=title&view=map")
        assert listing.query_without("country", "VN") == ("?q=tea&country=LK&sort=title&view=table")
        assert listing.query_with("country", "KE").startswith(
            "?q=tea&country=VN&country=LK&country=KE"
        )
        assert listing.hidden_fields == [("sort", "title"), ("view", "table")]

        listing = select("year_to=2010&year_from=2000&country=none&country=VN&sort=-grant")
        assert select(listing.query()[1:]).params == listing.params

        assert select("sort=newest&page=1&country=").query() == ""

        chips = select("country=VN&country=KE&year_from=2000&year_to=2010").chips
        assert [(chip.label, chip.query_without) for chip in chips] == [
            ("Viet Nam", "?country=KE&year_from=2000&year_to=2010"),
            ("Kenya", "?country=VN&year_from=2000&year_to=2010"),
            ("2000–2010", "?country=VN&country=KE"),
        ]


class TestHeading:
    @pytest.fixture(autouse=True)
    def records(self, countries):
        make.Sector(slug="clean-water", name="Clean water")
        make.SDG(number=6, name="Clean Water and Sanitation")
        make.Project(countries=[countries["VN"]], year_approved=2004)

    @pytest.mark.parametrize(
        ("query", "heading"),
        [
            ("", "1 project"),
            (
                "country=VN&country=LK&sector=clean-water",
                "0 projects in Viet Nam or Sri Lanka about clean water",
            ),
            ("sdg=6", "0 projects towards Clean Water and Sanitation"),
            ("sector=none", "1 project with “Sector” not stated"),
            ("country=VN&country=none", "1 project in Viet Nam or with “Country” not stated"),
            ("year_from=2000", "1 project approved in 2000 or later"),
            ("year_from=2004&year_to=2004", "1 project approved in 2004"),
            ("country=VN&country=LK&country=KE", "1 project in Viet Nam, Sri Lanka or Kenya"),
        ],
    )  # fmt: skip
    def test_it_says_the_filters(self, query, heading):
        assert select(query).heading == heading


# -------------------------------------------------------------------- many at once


@pytest.fixture(scope="module")
def many(network):
    make_records(300, seed=2)
    return Records()


def test_counts_take_no_query(many, db):
    index = engine.build(ProjectFilter)
    assert [facet.values for facet in select("", index).facets]  # Words are read once.
    with CaptureQueriesContext(connection) as queries:
        listing = select("country=VN&status=completed", index)
        assert [facet.in_sight for facet in listing.facets]
        assert listing.page(1).object_list is not None
        assert listing.heading
    assert len(queries) == 0


NAMES = [values.name for values in ProjectFilter.values_filters()] + [
    "year_from",
    "year_to",
    "sort",
    "page",
    "view",
    "q",
    "x",
]
VALUES = st.one_of(
    st.sampled_from(["VN", "CN", "none", "6", "submitter", "2010", "-title", "pgtf", "0", "table"]),
    st.text(max_size=12),
    st.integers(-5, 10**20).map(str),
)
PARAMETERS = st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=8)


@pytest.mark.parametrize("number", [1, 2, 3] if EXAMPLES > 100 else [1])
def test_no_parameters_raise(many, db, number):
    index = engine.build(ProjectFilter)

    @seed(number)
    @settings(
        max_examples=EXAMPLES, deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(PARAMETERS)
    def everything(parameters):
        params = {}
        for name, value in parameters:
            params.setdefault(name, []).append(value)
        listing = ProjectFilter.listing(params, index)
        page = listing.page(params.get("page", ["1"])[0])
        assert len(page.object_list) <= 20
        assert listing.count <= len(many.projects)
        assert all(value.label for facet in listing.facets for value in facet.in_sight)
        assert listing.heading
        assert len(listing.ways_out) <= len(listing.params.names)
        assert len(listing.chips) >= len(listing.params.names)
        assert select(listing.query()[1:], index).params == listing.params

    everything()
