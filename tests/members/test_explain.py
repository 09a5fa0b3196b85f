"""Why is this institution (not) in this list of the directory?"""

from random import Random

import pytest
from django.http import QueryDict
from django.urls import reverse

from members.filters import InstitutionFilter
from members.models import Institution
from sscnet.core.models import State
from sscnet.facets.explain import Explanation
from tests.factories import InstitutionFactory, SectorFactory, UserFactory
from tests.members.directory_checker import Records, ask
from tests.projects.made_records import make_institutions

pytestmark = pytest.mark.django_db

PAGE = reverse("admin:members_institution_why")


@pytest.fixture
def officer(client):
    client.force_login(UserFactory(is_staff=True, permissions=["members.view_institution"]))


def why(client, record, address):
    return client.get(PAGE, {"record": record, "address": address}).context["why"]


def test_for_random_lists_and_institutions_it_agrees_with_the_list_and_with_itself(network, db):
    make_institutions(Random(3), 40)
    records, random = Records(), Random(4)
    everybody = list(Institution.objects.order_by("pk"))
    for _ in range(60):
        query = ask(records, random).query
        listed = set(InstitutionFilter.listing(QueryDict(query)).ids)
        listing = InstitutionFilter.listing(QueryDict(query))
        for institution in random.sample(everybody, 8):
            case = (query, institution.slug)
            answer = Explanation(listing, institution, lambda text: [])
            holds = [condition.holds for condition in answer.conditions]
            assert answer.is_in == (institution.pk in listed), case
            assert answer.is_in == (answer.is_listed and all(holds)), case


def test_a_draft_is_judged_by_filters_and_told_not_to_be_public(client, officer):
    sector = SectorFactory(name="Energy")
    draft = InstitutionFactory(state=State.DRAFT, province="sichuan")
    draft.institution_sectors.create(sector=sector)

    answer = why(client, draft.slug, f"/members/?sector={sector.slug}&province=yunnan&q=x")

    assert (answer.is_in, answer.is_listed) == (False, False)
    assert [(c.has, c.holds) for c in answer.conditions] == [
        ([], None),
        (["Energy"], True),
        (["Sichuan"], False),
    ]


def test_the_search_names_the_names_that_hold_the_words(client, officer):
    institution = InstitutionFactory(name="Institute of Bamboo")
    institution.names.create(name="IBAM", kind="acronym")

    answer = why(client, institution.slug, "/zh-hans/members/?q=ibam")

    [search] = answer.conditions
    assert (answer.is_in, search.has, search.holds) == (True, ["IBAM"], True)


def test_an_address_of_the_catalogue_is_no_list_of_institutions(client, officer):
    response = client.get(PAGE, {"record": InstitutionFactory().slug, "address": "/projects/"})

    assert list(response.context["form"].errors) == ["address"]
