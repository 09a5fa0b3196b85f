"""What the search finds among the real records and a few made-up ones, and in what order."""

import csv
from pathlib import Path

import pytest

from members.models import InstitutionName
from projects import search
from projects.models import Project
from sscnet.codelists.models import SDG, Country
from tests.factories import (
    InstitutionFactory,
    InstitutionNameFactory,
    ProjectFactory,
    ProjectSDGFactory,
)

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).with_name("search_cases.csv").read_text(encoding="utf-8")
CASES = list(csv.DictReader(TABLE.splitlines()))

# What search_cases.csv calls the real records, by the beginning of their addresses.
REAL = {
    "forum": "forum-for-the-development",
    "hydro": "seminar-on-small-hydropower",
    "finance": "accessibility-of-financial",
    "bamboo-market": "bamboo-development-assessment",
    "egov": "international-cooperation-of-e-government",
    "digester": "application-and-dissemination",
    "mushroom": "regional-cooperation-on-edible",
    "pico": "fee-for-service",
    "spirulina": "demonstration-and-promotion",
    "bamboo-model": "successful-bamboo",
    "fish": "improvement-of-recirculating",
    "water": "integrated-solutions",
    "security": "information-security",
}


def make_samples():
    """Make what the real records have no example of; none of it is true."""
    country = Country.objects.in_bulk()
    institute = InstitutionFactory(
        name="Institut Supérieur Agronomique", name_zh_hans="西安农业机械研究院", is_sample=True
    )
    InstitutionNameFactory(institution=institute, name="ISA-X", kind=InstitutionName.Kind.ACRONYM)
    organic = ProjectFactory(
        is_sample=True,
        code="SSC-9001",
        title="Sample: organic fertiliser for smallholders",
        title_zh_hans="样本：小农户有机肥料",
        summary="A programme of farmers' organisations: colour charts, fibre crops and "
        "labour-saving tools, at a training centre.",
        beneficiaries="1,200 women in Tigray",
        beneficiaries_zh_hans="提格雷的1200名妇女",
        countries=[country["CI"], country["ET"], country["CN"]],
        submitter=institute,
        numbers=["INT/99/K41"],
    )
    ProjectSDGFactory(
        project=organic,
        sdg=SDG.objects.get(number=5),
        reason="Seed money for widows.",
        reason_zh_hans="给寡妇的种子资金。",
    )
    recycling = ProjectFactory(
        is_sample=True,
        code="SSC-9002",
        title="Sample: aluminum recycling program",
        summary="Labor analyzed by color; a center for fiber modeling; travelers organize.",
        countries=[country["BR"], country["TR"]],
        numbers=["INT/99/K42"],
    )
    wind = ProjectFactory(
        is_sample=True,
        title="Sample: wind power for islands",
        title_zh_hans="樣本：離島風力發電與儲能",
        summary_zh_hans="為偏遠島嶼建設風機。",
    )
    cafe = ProjectFactory(
        is_sample=True,
        title="Sample: Café growers’ coöperatives",
        summary="Señor Núñez’s naïve résumé; the Ångström scale.",
        outcome="A web site and an on-line shop for micro-credit.",
    )
    ProjectFactory(
        is_sample=True,
        title="Sample: geothermal secrets",
        note="note for staff",
        state=Project.State.DRAFT,
    )
    return {"organic": organic, "recycling": recycling, "wind": wind, "cafe": cafe}


@pytest.fixture(scope="module")
def names(network, django_db_blocker):
    """Names of the published projects, as search_cases.csv uses them, by id."""
    with django_db_blocker.unblock():
        names = {project.pk: name for name, project in make_samples().items()}
        for name, slug in REAL.items():
            names[Project.objects.get(slug__startswith=slug).pk] = name
        search.matching("brings the index up to date")
    return names


def found(text, names):
    """Give the names of what is found, in order of relevance."""
    result = search.matching(text)
    return [names[project_id] for project_id in result.ranked(result.ids)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['kind']}: {case['query']}")
def test_case(case, names):
    result = found(case["query"], names)

    wanted = set(filter(None, case["must_find"].split(";")))
    unwanted = set(filter(None, case["must_not_find"].split(";")))
    unwanted = set(names.values()) - wanted if unwanted == {"*"} else unwanted
    assert (wanted | unwanted) <= set(names.values()), "the case names no project"
    assert wanted <= set(result)
    assert not unwanted & set(result)
    if case["must_be_first"]:
        assert result[0] == case["must_be_first"]


def test_the_cases_are_as_many_as_promised():
    kinds = {}
    for case in CASES:
        kinds[case["kind"]] = kinds.get(case["kind"], 0) + 1

    assert len(CASES) >= 120
    assert sum(bool(case["must_not_find"]) for case in CASES) >= 40
    assert len({case["query"] for case in CASES}) == len(CASES)
    few = {kind for kind, n in kinds.items() if n < 5}
    assert few <= {"beneficiaries", "area", "draft", "ranking", "signs"}
