from itertools import product

import pytest
from django.urls import reverse
from django.utils import translation

from secretariat.models import DatedFigure, Page
from sscnet.codelists.models import Country
from sscnet.core.models import State
from tests import make
from tests.admin_forms import errors, filled
from tests.pages import change

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("officer")]

EVERY_MODEL = [
    "codelists_country",
    "codelists_dacsector",
    "codelists_pgtfarea",
    "codelists_sdg",
    "codelists_sector",
    "codelists_topic",
    "search_synonym",
    "meetings_meeting",
    "members_institution",
    "members_user",
    "projects_project",
    "secretariat_datedfigure",
    "secretariat_page",
    "secretariat_redirect",
    "secretariat_publication",
]


@pytest.mark.parametrize("model", EVERY_MODEL)
def test_every_list_and_empty_form_opens_in_both_languages_and_is_searched(client, model):
    for language, view in product(["en", "zh-hans"], ["changelist", "add"]):
        with translation.override(language):
            page = client.get(reverse(f"admin:{model}_{view}"))
        assert page.status_code == 200
        assert " style=" not in page.content.decode().partition("<main")[2]
    for words in ("bamboo", "%", "'", "\\", "竹" * 500, "INT/18/K08"):
        found = client.get(reverse(f"admin:{model}_changelist"), {"q": words})
        assert found.status_code == 200, words


def test_the_language_switch_keeps_page_and_query_and_the_admin_leads_to_the_public_site(client):
    page = client.get("/admin/projects/project/?state__exact=draft&q=bamboo").content.decode()
    there = "/zh-hans/admin/projects/project/?state__exact=draft&amp;q=bamboo"
    assert f'href="{there}&amp;set-language=zh-hans"' in page

    page = client.get("/zh-hans/admin/projects/project/?q=bamboo").content.decode()
    assert '<html lang="zh-hans"' in page
    assert 'href="/admin/projects/project/?q=bamboo&amp;set-language=en"' in page
    assert 'href="/"' in client.get("/admin/").content.decode()


def test_a_page_goes_its_way_to_the_public(client):
    page = make.Page(title="About us", slug="about-us", body="Words", state=State.DRAFT)
    make.Source(record=page)
    data = filled(client.get(change(page))) | {"_step": "mark_ready"}

    client.post(change(page), data)
    client.post(reverse("admin:secretariat_page_step", args=[page.pk, "publish"]))

    page.refresh_from_db()
    assert page.is_published


def test_a_page_without_text_saves_as_a_draft(client):
    add = reverse("admin:secretariat_page_add")

    response = client.post(add, filled(client.get(add)))

    assert response.status_code == 302, errors(response)
    assert Page.objects.get().state == State.DRAFT


def test_a_figure_for_a_date_twice_is_refused(client):
    make.DatedFigure(figure="members", as_of="2024-04")
    add = reverse("admin:secretariat_datedfigure_add")
    values = {"figure": "members", "label": "Members", "value": "51", "as_of": "2024-04"}

    response = client.post(add, filled(client.get(add)) | values)

    assert errors(response) == ["This figure already has a statement for this date."]
    assert DatedFigure.objects.count() == 1


def test_a_figure_is_a_number_that_fits(client):
    figure = make.DatedFigure()
    data = filled(client.get(change(figure)))
    for value in ("-1", "9" * 30, "many"):
        response = client.post(change(figure), data | {"value": value})
        assert response.status_code == 200, value
        assert errors(response), value


def test_a_code_is_given_once(client):
    for factory, code in {
        make.Country: "iso2",
        make.DACSector: "code",
        make.Sector: "slug",
        make.Topic: "slug",
        make.SDG: "number",
        make.PGTFArea: "slug",
    }.items():
        form = client.get(change(factory())).context["adminform"].form
        assert code not in form.fields


def test_a_country_is_corrected_in_both_languages(client):
    country = make.Country(iso2="VN", name="Vietnam")
    names = {"name": "Viet Nam", "name_zh_hans": "越南"}

    client.post(change(country), filled(client.get(change(country))) | names)

    country = Country.objects.get()
    assert (country.name, country.name_zh_hans) == ("Viet Nam", "越南")
