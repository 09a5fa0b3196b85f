"""With whom an institution worked: counted by projects, each once."""

import pytest

from tests import make

pytestmark = pytest.mark.django_db


def project_of(*institutions, **fields):
    project = make.Project(**fields)
    for institution in institutions:
        make.ProjectInstitution(project=project, institution=institution)
    return project


def partners(client, institution):
    return client.get(institution.get_absolute_url()).context["partners"]


def test_partners_are_counted_by_projects_the_most_first(client):
    own, often, once = (make.Institution(name=name) for name in ("Own", "Tea", "Bamboo"))
    project_of(own, often, once)
    project_of(own, often)
    project_of(often, once)

    assert partners(client, own) == [(often, 2), (once, 1)]


def test_two_parts_in_one_project_are_one_project(client):
    own, other = make.Institution(name="Own"), make.Institution(name="Tea")
    project = project_of(own, other)
    for institution in (own, other):
        make.ProjectInstitution(project=project, institution=institution, role="supporter")

    assert partners(client, own) == [(other, 1)]


def test_what_is_not_public_counts_for_nothing(client):
    own, other = make.Institution(name="Own"), make.Institution(name="Tea")
    project_of(own, other, state="draft")

    assert partners(client, own) == []


def test_a_partner_without_a_page_is_named_and_no_link(client):
    own = make.Institution(name="Own")
    hidden = make.Institution(name="Tea Institute", state="draft")
    project_of(own, hidden)

    page = client.get(own.get_absolute_url()).content.decode()

    assert "Tea Institute" in page
    assert hidden.get_absolute_url() not in page


def test_countries_it_worked_in_are_counted_without_its_own(client):
    china, viet_nam = make.Country(name="China"), make.Country(name="Viet Nam")
    own = make.Institution(name="Own", country=china)
    project_of(own, countries=[china, viet_nam])
    project_of(own, countries=[viet_nam])

    countries = client.get(own.get_absolute_url()).context["countries"]

    assert countries == [(viet_nam, 2)]
