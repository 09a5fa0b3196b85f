"""What the search finds among the real records and a few made-up ones, and in what order."""

import csv
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from members.models import InstitutionName
from projects.models import Project
from sscnet import search
from sscnet.codelists.models import SDG, Country
from sscnet.search.models import Synonym
from tests import make

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
    "water": "integrated-solutions-to-drinking",
    "security": "information-security",
    "standards": "online-training-course",
}


def make_others():
    """Make what the real records have no example of; none of it is true."""
    country = Country.objects.in_bulk()
    institute = make.Institution(
        name="Institut Supérieur Agronomique", name_zh_hans="西安农业机械研究院"
    )
    make.InstitutionName(institution=institute, name="ISA-X", kind=InstitutionName.Kind.ACRONYM)
    organic = make.Project(
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
    make.ProjectSDG(
        project=organic,
        sdg=SDG.objects.get(number=5),
        reason="Seed money for widows.",
        reason_zh_hans="给寡妇的种子资金。",
    )
    recycling = make.Project(
        code="SSC-9002",
        title="Sample: aluminum recycling program",
        summary="Labor analyzed by color; a center for fiber modeling; travelers organize.",
        countries=[country["BR"], country["TR"]],
        numbers=["INT/99/K42"],
    )
    wind = make.Project(
        title="Sample: wind power for islands",
        title_zh_hans="樣本：離島風力發電與儲能",
        summary_zh_hans="為偏遠島嶼建設風機。",
    )
    cafe = make.Project(
        title="Sample: Café growers’ coöperatives",
        summary="Señor Núñez’s naïve résumé; the Ångström scale.",
        outcome="A web site and an on-line shop for micro-credit.",
    )
    make.Project(
        title="Sample: geothermal secrets", note="note for staff", state=Project.State.DRAFT
    )
    return {"organic": organic, "recycling": recycling, "wind": wind, "cafe": cafe}


@pytest.fixture(scope="module")
def names(network, django_db_blocker):
    """Names of the published projects, as search_cases.csv uses them, by id; without synonyms."""
    with django_db_blocker.unblock():
        Synonym.objects.all().delete()
        names = {project.pk: name for name, project in make_others().items()}
        for name, slug in REAL.items():
            names[Project.objects.get(slug__startswith=slug).pk] = name
        # The cases are of these alone.
        Project.objects.exclude(pk__in=names).update(state=Project.State.DRAFT)
        search.matching("brings the index up to date", "project")
    return names


def found(text, names):
    """Give the names of what is found, in order of relevance."""
    result = search.matching(text, "project")
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


# ---------------------------------------------------------------------- order


class TestOrder:
    def test_number_then_title_then_institution_then_the_rest(self):
        institute = make.Institution(name="Quinoa Institute")
        rest = make.Project(title="One", summary="Of quinoa, quinoa and quinoa.")
        institution = make.Project(title="Two", submitter=institute)
        title = make.Project(title="A project with a long name, at the end of which is quinoa")

        found = search.matching("quinoa", "project")

        assert found.ranked(found.ids) == [title.pk, institution.pk, rest.pk]

    def test_an_institution_comes_first_only_when_it_meets_every_word(self):
        quinoa = make.Institution(name="Quinoa Institute")
        weaving = make.Institution(name="Weaving Institute")
        part = make.Project(title="One", summary="Weaving, weaving", submitter=quinoa)
        whole = make.Project(title="Two", summary="Words " * 50, submitter=quinoa)
        make.ProjectInstitution(project=whole, institution=weaving)
        found = search.matching("quinoa weaving", "project")

        assert found.ranked([part.pk, whole.pk]) == [whole.pk, part.pk]

    def test_a_number_comes_before_what_mentions_it(self):
        mention = make.Project(title="Follow-up of INT/61/K61: INT/61/K61")
        project = make.Project(title="Another", numbers=["INT/61/K61"])
        found = search.matching("INT/61/K61", "project")

        assert found.ranked(found.ids) == [project.pk]
        assert search.matching("INT 61 K61", "project").ids == [project.pk]
        assert mention.pk in search.matching("follow-up", "project").ids

    def test_whole_words_and_words_side_by_side_come_first(self):
        begun = make.Project(title="Quinoaland")
        whole = make.Project(title="Quinoa in a much longer title than the other one has")
        found = search.matching("quinoa", "project")
        assert found.ranked(found.ids) == [whole.pk, begun.pk]

        apart = make.Project(title="Quinoa of some farms, for all that is known, and its zest")
        together = make.Project(title="Farms, for all that is known, of some quinoa zest, and so")
        found = search.matching("quinoa zest", "project")
        assert found.ranked(found.ids) == [together.pk, apart.pk]

    def test_only_the_ids_given_are_ordered_and_hits_alike_stay_as_they_are(self):
        ids = [make.Project(title="Quinoa").pk for _ in range(4)]
        given = [ids[2], ids[0], ids[3], ids[1]]
        assert search.matching("quinoa", "project").ranked(given) == given

        ids = [make.Project(title="Quinoa").pk for _ in range(3)]
        assert search.matching("quinoa", "project").ranked(ids[:2]) == ids[:2]

    def test_of_very_many_hits_the_first_are_compared(self, monkeypatch):
        monkeypatch.setattr("sscnet.search.found.MOST_RANKED", 2)
        rest = make.Project(summary="Quinoa")
        first, second = make.Project(title="Quinoa"), make.Project(title="Quinoa")
        found = search.matching("quinoa", "project")

        assert found.ranked([rest.pk, first.pk, second.pk]) == [first.pk, rest.pk, second.pk]

    def test_costs_three_questions_at_most(self, django_assert_max_num_queries):
        ids = [make.Project(title="Quinoa").pk for _ in range(3)]
        search.matching("quinoa", "project")

        with django_assert_max_num_queries(1):
            found = search.matching("quinoa", "project")
        with django_assert_max_num_queries(1):
            found.ranked(ids)


# ---------------------------------------------------------------------- numbers


class TestNumbers:
    def test_a_fund_number_names_its_project_and_anything_else_none(self):
        project = make.Project(numbers=["INT/62/K07", "INT/63/K07"])
        for text in (
            *("INT/62/K07", "int62k7", "62/K07", "６２ Ｋ０７"),
            *(" int 62 k07 ", "“INT/62/K07”"),
        ):
            assert Project.objects.numbered(text).get() == project, text
        for text in ("", "INT/62/K07 quinoa", "62", "K07", "quinoa", "SSC", "%"):
            assert not Project.objects.numbered(text), text

    def test_a_code_names_its_project_also_a_sample_or_withdrawn_one(self):
        project = make.Project()
        assert Project.objects.numbered(project.code.lower().replace("-", " ")).get() == project

        project = make.Project(code="SAMPLE-000042", is_sample=True)
        assert Project.objects.numbered("sample 42").get() == project

        withdrawn = make.Project(numbers=["INT/64/K01"], state=Project.State.WITHDRAWN)
        make.Project(numbers=["INT/64/K02"], state=Project.State.DRAFT)
        with_address = Project.objects.with_address()
        assert with_address.numbered("INT/64/K01").get() == withdrawn
        assert not with_address.numbered("INT/64/K02")


# ---------------------------------------------------------------------- spelling


class TestSpelling:
    def test_what_was_searched_for_instead_is_said(self):
        project = make.Project(title="Quinoa farming")
        found = search.matching("Quinao farming", "project")

        assert found.is_corrected
        assert found.text == found.suggestion == "quinoa farming"
        assert found.ids == [project.pk]

    def test_what_is_right_is_not_corrected(self):
        make.Project(title="Quinoa")
        other = make.Project(title="Quinua")
        found = search.matching("quinua", "project")

        assert not found.is_corrected
        assert found.suggestion == ""
        assert found.ids == [other.pk]

    def test_a_spelling_too_far_off_is_offered_if_it_finds_something(self):
        make.Project(title="Quinoa")
        found = search.matching("qinaa", "project")
        assert found.ids == []
        assert not found.is_corrected
        assert found.suggestion == "quinoa"

        make.Project(title="Bamboo")
        assert search.matching("quinao bamboo", "project").suggestion == "bamboo"

    def test_words_that_nothing_has_are_left_out_of_what_is_offered(self):
        make.Project(title="Information security")
        make.Project(title="信息安全")

        assert search.matching("cyber security", "project").ids == []
        assert search.matching("cyber security", "project").suggestion == "security"
        assert search.matching("security of xyzzy", "project").suggestion == "security of"
        assert search.matching("安全 煤炭", "project").suggestion == "安全"
        assert search.matching("cyber xyzzy", "project").suggestion == ""

    def test_quotes_are_kept(self):
        make.Project(title="Quinoa farming and weaving")

        assert search.matching('"farming and weaving" quinao', "project").suggestion == (
            '"farming and weaving" quinoa'
        )


# ---------------------------------------------------------------------- what says nothing


class TestNothing:
    def test_a_question_that_says_nothing_finds_everything_and_signs_nothing(self):
        project = make.Project(title="100 % !!!")
        draft = make.Project(state=Project.State.DRAFT)
        for text in ("", "  ", "the", "The of", '""'):
            found = search.matching(text, "project")
            assert found.is_everything, text
            assert project.pk in found.ids, text
            assert draft.pk not in found.ids, text
        for text in ("%", "!!!", "-", '"&|"', "\\", ":*"):
            assert search.matching(text, "project").ids == [], text


# ---------------------------------------------------------------------- any text

SIGNS = st.text(alphabet="&|!<->:*\\()'\"“”-−/%_.,;{}[]$@#~^ \t\n")
PIECES = st.one_of(
    st.text(),
    SIGNS,
    st.sampled_from(
        [
            "biogas",
            "沼气",
            "沼氣",
            "the",
            "-",
            '"',
            "e-gov",
            "int18k08",
            "SDG 7",
            "zhao qi",
            "x" * 300,
        ]
    ),
)
ANY_TEXT = st.lists(PIECES, max_size=12).map(" ".join).map(lambda text: text.replace("\0", ""))


@settings(
    max_examples=3000 if os.environ.get("PROOF") else 150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(text=ANY_TEXT)
def test_any_text_is_a_question(text, names):
    found = search.matching(text, "project")

    assert set(found.ids) <= set(names)
    assert sorted(found.ranked(found.ids)) == sorted(found.ids)
    assert set(Project.objects.numbered(text).values_list("pk", flat=True)) <= set(names)
    if found.suggestion:
        assert search.matching(found.suggestion, "project").ids


@pytest.mark.parametrize(
    "text",
    [
        "x" * 5000,
        "biogas " * 700,
        " ".join(f"word{n}" for n in range(400)),
        "沼" * 5000,
        "-a" * 2500,
        "a-" * 2500,
        '"' * 4999,
        "(((" * 1000,
        "zhao" * 1000,
        "INT/18/K08 " * 400,
    ],
    ids=lambda text: text[:12],
)
def test_a_text_of_any_length_is_a_question(text, names):
    assert set(search.matching(text, "project").ids) <= set(names)
