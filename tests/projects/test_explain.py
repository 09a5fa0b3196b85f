"""Why is this project (not) in this list? The page cannot disagree with the list."""

import os
from random import Random
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.urls import reverse

from projects.filters import ProjectFilter
from projects.models import Project
from sscnet.core.models import State
from sscnet.facets.explain import Explanation
from tests.factories import (
    CountryFactory,
    InstitutionFactory,
    ProjectFactory,
    SectorFactory,
    UserFactory,
)
from tests.projects.list_checker import Records, ask
from tests.projects.made_records import WORDS, make_records

pytestmark = pytest.mark.django_db

PAGE = reverse("admin:projects_project_why")
EXAMPLES = 400 if os.environ.get("PROOF") else 15


@pytest.fixture
def officer(client):
    client.force_login(UserFactory(is_staff=True, permissions=["projects.view_project"]))


def why(client, record, address="/projects/"):
    return client.get(PAGE, {"record": record, "address": address}).context["why"]


def told(answer):
    return {str(c.label): (c.asked, c.has, c.holds) for c in answer.conditions}


# ------------------------------------------------------------------ what it says


def test_each_filter_says_what_was_asked_and_what_the_record_has(client, officer):
    kenya, nepal = CountryFactory(name="Kenya"), CountryFactory(name="Nepal")
    sector = SectorFactory(name="Energy")
    project = ProjectFactory(countries=[kenya], sectors=[sector], year_approved=2010)

    answer = why(
        client,
        project.code.lower(),
        f"/projects/?country={nepal.pk}&sector={sector.slug}&year_from=2012&status=ongoing",
    )

    assert not answer.is_in
    assert told(answer) == {
        "Country": (["Nepal"], ["Kenya"], False),
        "Sector": (["Energy"], ["Energy"], True),
        "Status": (["Ongoing"], ["not stated"], False),
        "Year of approval": (["2012 or later"], ["2010"], False),
    }


def test_a_draft_is_told_to_be_one_and_its_filters_are_judged_all_the_same(client, officer):
    kenya = CountryFactory(name="Kenya")
    draft = ProjectFactory(state=State.DRAFT, countries=[kenya], title="Bamboo")

    answer = why(client, draft.slug, f"/zh-hans/projects/?country={kenya.pk}&q=bamboo")

    assert (answer.is_in, answer.is_listed) == (False, False)
    assert told(answer) == {
        "Search": (["“bamboo”"], [], None),
        "Country": (["Kenya"], ["Kenya"], True),
    }


def test_the_search_says_where_the_words_stand(client, officer):
    project = ProjectFactory(title="Houses", summary="Built of bamboo.")

    answer = why(client, project.code, "?q=bamboo")
    assert told(answer) == {"Search": (["“bamboo”"], ["In short: Built of bamboo."], True)}
    assert not why(client, project.code, "?q=biogas").is_in


def test_a_role_is_judged_together_with_the_institution(client, officer):
    one, other = InstitutionFactory(), InstitutionFactory()
    project = ProjectFactory()
    project.project_institutions.create(institution=one, role="submitter")
    project.project_institutions.create(institution=other, role="co_implementer")

    answer = why(client, project.code, f"?institution={one.slug}&role=co_implementer")

    assert [condition.holds for condition in answer.conditions] == [False, False]
    assert why(client, project.code, f"?institution={other.slug}&role=co_implementer").is_in


def test_it_says_the_place_and_leads_to_the_page(client, officer):
    projects = [ProjectFactory(year_approved=2020 - n) for n in range(25)]

    response = client.get(PAGE, {"record": projects[21].code, "address": "/projects/"})

    assert "It is in the list: at place 22, on page 2." in response.content.decode()
    assert 'href="/projects/?page=2"' in response.content.decode()


def test_a_landing_page_is_a_list_too(client, officer):
    kenya = CountryFactory(name="Kenya")
    project = ProjectFactory(countries=[kenya])

    assert why(client, project.code, f"/countries/{kenya.pk}/").is_in
    assert not why(client, ProjectFactory().code, f"/countries/{kenya.pk}/").is_in


@pytest.mark.parametrize(
    ("record", "address", "field"),
    [
        ("SSC-none", "/projects/", "record"),
        ("", "/projects/", "record"),
        ("x\x00", "/projects/", "record"),
        (None, "/members/", "address"),
        (None, "https://[", "address"),
        (None, "", "address"),
    ],
)
def test_what_is_no_record_or_no_list_is_said_beside_its_field(
    client, officer, record, address, field
):
    record = ProjectFactory().code if record is None else record

    response = client.get(PAGE, {"record": record, "address": address})

    if response.status_code != 400:
        assert response.context["why"] is None
        assert list(response.context["form"].errors) == [field]


def test_the_project_links_to_it_and_only_staff_who_may_look_see_it(client, officer):
    project = ProjectFactory()

    change = client.get(reverse("admin:projects_project_change", args=[project.pk]))
    assert f"{PAGE}?record={project.code}" in change.content.decode()
    assert client.get(PAGE).status_code == 200
    assert client.post(PAGE).status_code == 405
    client.force_login(UserFactory(is_staff=True, permissions=["members.view_institution"]))
    assert client.get(PAGE).status_code == 403
    client.logout()
    assert client.get(PAGE).status_code == 302


# ------------------------------------------------------------------ it agrees with the list


@pytest.fixture(scope="module")
def many(network):
    make_records(150, seed=5)
    return Records()


def test_for_random_lists_and_records_it_agrees_with_the_list_and_with_itself(many, db):
    random = Random(8)
    everybody = list(Project.objects.order_by("pk"))
    for _ in range(EXAMPLES):
        query = ask(many, random).query
        if random.random() < 0.4:
            query += "&" + urlencode({"q": random.choice(WORDS)})
        listed = set(ProjectFilter.listing(QueryDict(query)).ids)
        some = random.sample(everybody, 6) + random.sample(
            [project for project in everybody if project.pk in listed], min(3, len(listed))
        )
        for project in some:
            answer = Explanation(ProjectFilter.listing(QueryDict(query)), project, lambda text: [])
            case = query, project.code
            assert answer.is_in == (project.pk in listed), case
            holds = [condition.holds for condition in answer.conditions]
            assert answer.is_listed == (project.state == State.PUBLISHED), case
            assert answer.is_in == (answer.is_listed and all(holds)), case
            if answer.is_in:
                place = list(ProjectFilter.listing(QueryDict(query)).ids).index(project.pk) + 1
                assert answer.place == place, case
