import pytest
from django.http import QueryDict

from projects.filters import ProjectFilter
from projects.models import Project
from tests.factories import (
    CountryFactory,
    InstitutionNameFactory,
    MemberFactory,
    PGTFAreaFactory,
    ProjectFactory,
    ProjectInstitutionFactory,
    SDGFactory,
    SectorFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def viet_nam():
    return CountryFactory(iso2="VN", name="Viet Nam", name_zh_hans="越南")


@pytest.fixture
def sri_lanka():
    return CountryFactory(iso2="LK", name="Sri Lanka")


def filtered(query):
    return ProjectFilter(QueryDict(query), queryset=Project.objects.published())


def found(query):
    return set(filtered(query).qs)


def counts(query, name):
    """What stands beside the values of one filter, by the key in the address."""
    facet = next(facet for facet in filtered(query).facets if facet.name == name)
    return {value.key: value.count for value in facet.values}


def test_values_of_one_filter_widen(viet_nam, sri_lanka):
    in_viet_nam = ProjectFactory(countries=[viet_nam])
    in_sri_lanka = ProjectFactory(countries=[sri_lanka])
    ProjectFactory(countries=[CountryFactory(iso2="KE")])

    assert found("country=VN&country=LK") == {in_viet_nam, in_sri_lanka}


def test_filters_narrow_one_another(viet_nam):
    water = SectorFactory(slug="clean-water")
    both = ProjectFactory(countries=[viet_nam], sectors=[water])
    ProjectFactory(countries=[viet_nam])
    ProjectFactory(sectors=[water])

    assert found("country=VN&sector=clean-water") == {both}


def test_a_project_with_two_of_the_values_is_found_once(viet_nam, sri_lanka):
    project = ProjectFactory(countries=[viet_nam, sri_lanka])

    assert list(filtered("country=VN&country=LK").qs) == [project]


@pytest.mark.parametrize("name", ["country", "sector", "sdg", "area", "status", "programme"])
def test_every_filter_has_the_value_not_stated(name):
    stated = ProjectFactory(
        countries=[CountryFactory()],
        sectors=[SectorFactory()],
        sdgs=[SDGFactory()],
        area=PGTFAreaFactory(),
        status="completed",
    )
    empty = ProjectFactory(programme="")

    assert found(f"{name}=none") == {empty}
    assert counts("", name)["none"] == 1
    assert stated in found("")


def test_not_stated_widens_like_any_other_value():
    completed = ProjectFactory(status="completed")
    not_stated = ProjectFactory(status="")
    ProjectFactory(status="ongoing")

    assert found("status=completed&status=none") == {completed, not_stated}


def test_the_number_beside_a_value_is_what_ticking_it_adds_among_the_other_filters(
    viet_nam, sri_lanka
):
    ProjectFactory(countries=[viet_nam], status="completed")
    ProjectFactory(countries=[viet_nam], status="ongoing")
    ProjectFactory(countries=[sri_lanka], status="completed")

    assert counts("country=VN&status=completed", "country") == {"VN": 1, "LK": 1}
    assert counts("country=VN&status=completed", "status") == {"completed": 1, "ongoing": 1}


def test_every_number_is_the_size_of_its_list(viet_nam, sri_lanka):
    six, seven = SDGFactory(number=6), SDGFactory(number=7)
    ProjectFactory(countries=[viet_nam, sri_lanka], sdgs=[six, seven], status="completed")
    ProjectFactory(countries=[viet_nam], sdgs=[seven], status="completed")
    ProjectFactory(countries=[sri_lanka], sdgs=[six])

    for facet in filtered("status=completed").facets:
        for value in facet.values:
            query = f"status={value.key}"
            if facet.name != "status":
                query = f"status=completed&{facet.name}={value.key}"
            assert value.count == len(found(query)), query


def test_drafts_are_counted_nowhere(viet_nam):
    ProjectFactory(countries=[viet_nam], state="draft")
    ProjectFactory(countries=[viet_nam], state="withdrawn")

    assert counts("", "country") == {}
    assert found("country=VN") == set()


def test_an_unknown_value_is_named_and_the_rest_applies(viet_nam):
    project = ProjectFactory(countries=[viet_nam])
    ProjectFactory()

    query = "country=VN&country=XX&sdg=99&sort=nonsense"

    assert found(query) == {project}
    assert [value for _label, value in filtered(query).unknown] == ["XX", "99", "nonsense"]


def test_a_ticked_value_stays_in_sight_wherever_it_stands():
    countries = [CountryFactory() for n in range(12)]
    for n, country in enumerate(countries):
        for _again in range(12 - n):
            ProjectFactory(countries=[country])
    rare = countries[-1].iso2

    facet = filtered(f"country={rare}").facets[0]

    assert [value.key for value in facet.in_sight][-1] == rare
    assert len(facet.in_sight) == 9
    assert len(facet.rest) == 3


def test_leaving_out_a_filter_says_what_that_would_give(viet_nam):
    water = SectorFactory(slug="clean-water")
    ProjectFactory(sectors=[water])
    ProjectFactory(sectors=[water])
    ProjectFactory(countries=[viet_nam])

    ways = filtered("country=VN&sector=clean-water&sort=title").ways_out

    assert [(way["count"], way["query"]) for way in ways] == [
        (2, "?sector=clean-water&sort=title"),
        (1, "?country=VN&sort=title"),
    ]


def test_a_chip_takes_away_its_value_only(viet_nam, sri_lanka):
    active = filtered("q=water&country=VN&country=LK&page=3").active

    assert [chip.query_without for chip in active] == [
        "?country=VN&country=LK",
        "?q=water&country=LK",
        "?q=water&country=VN",
    ]


def test_newest_come_first_and_those_without_a_year_last():
    old = ProjectFactory(year_approved=2008)
    no_year = ProjectFactory()
    new = ProjectFactory(year_approved=2019)

    assert list(filtered("").qs) == [new, old, no_year]
    assert list(filtered("sort=newest").qs) == [new, old, no_year]


def test_sorting_by_title_and_by_grant():
    b = ProjectFactory(title="B", granted_usd=10)
    a = ProjectFactory(title="A")
    c = ProjectFactory(title="C", granted_usd=20)

    assert list(filtered("sort=title").qs) == [a, b, c]
    assert list(filtered("sort=grant").qs) == [c, b, a]


@pytest.mark.parametrize(
    "text",
    [
        "biogas",
        "BIOGAS digesters",
        "沼气",
        "nepal",
        "尼泊尔",
        "INT/18/K08",
        "bioma",
        "研究所 biogas",
        "示范 项目",
    ],
)
def test_search_finds_words_in_the_record_and_in_what_it_links_to(text):
    nepal = CountryFactory(iso2="NP", name="Nepal", name_zh_hans="尼泊尔")
    institute = MemberFactory(name="Institute", name_zh_hans="农业农村部沼气科学研究所")
    InstitutionNameFactory(institution=institute, name="BIOMA")
    project = ProjectFactory(
        title="Biogas digesters",
        title_zh_hans="示范项目",
        countries=[nepal],
        submitter=institute,
        numbers=["INT/18/K08"],
    )
    ProjectFactory(title="Bamboo")

    assert list(Project.objects.search(text)) == [project]


def test_every_word_must_be_found():
    ProjectFactory(title="Biogas in Asia")

    assert not Project.objects.search("biogas africa").exists()


@pytest.mark.parametrize("text", ["zh", "hans", "title", "%", "_", "\\", "'", "100% (a|b)* [x"])
def test_search_takes_every_character_as_it_stands(text):
    ProjectFactory(title="Biogas", title_zh_hans="沼气")

    assert not Project.objects.search(text).exists()


def test_an_institution_with_many_links_does_not_multiply_rows():
    institute = MemberFactory(name="Biogas Institute")
    project = ProjectFactory(title="Biogas", submitter=institute)
    ProjectInstitutionFactory(project=project, institution=institute)

    assert list(filtered("q=biogas").qs) == [project]


def test_a_search_text_that_is_too_long_is_left_out_and_said():
    project = ProjectFactory()

    assert found("q=" + "x" * 5000) == {project}
    assert "q" in filtered("q=" + "x" * 5000).errors
