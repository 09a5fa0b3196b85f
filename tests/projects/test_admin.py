import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from projects.admin import ProjectAdmin
from projects.models import Project, ProjectCountry, ProjectSDG
from sscnet.changes.publication import confirm_classification
from sscnet.core.forms.formsets import RowFormSet
from sscnet.core.models import State
from tests import make
from tests.admin_forms import add_row, errors, filled
from tests.pages import whole

pytestmark = pytest.mark.django_db

LIST = reverse("admin:projects_project_changelist")
ADD = reverse("admin:projects_project_add")
SOURCES = "core-source-content_type-object_id"
CHOICE = "Select a valid choice"


@pytest.fixture(autouse=True)
def officer(client):
    officer = make.User(is_staff=True, is_superuser=True, name="Wang Li")
    client.force_login(officer)
    return officer


def change(project):
    return whole(project)


def step(project, name):
    return reverse("admin:projects_project_step", args=[project.pk, name])


def complete(**values):
    project = make.Project(**values)
    make.Source(record=project)
    return project


def texts(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


# ------------------------------------------------------------------ the list


def test_list_shows_code_title_in_either_language_state_and_countries(client):
    countries = [make.Country(name=name) for name in ("China", "Kenya", "Nepal", "Togo")]
    project = make.Project(title="", title_zh_hans="沼气", countries=countries)

    page = client.get(LIST).content.decode()

    assert project.code in page
    assert "沼气" in page
    assert "China, Kenya, Nepal +1" in page


def test_list_finds_by_title_number_country_and_institution_once(client):
    project = make.Project(title="Biogas in villages", title_zh_hans="沼气", numbers=["INT/18/K08"])
    for name, name_zh_hans in (("Kenya", "肯尼亚"), ("Nepal", "尼泊尔")):
        country = {"country__name": name, "country__name_zh_hans": name_zh_hans}
        make.ProjectCountry(project=project, **country)
    project.project_institutions.create(institution=make.Institution(name="Hangzhou Centre"))
    make.Project(title="Bamboo")

    for words in ("biogas", "沼气", "INT/18/K08", "Kenya", "肯尼亚", "Hangzhou"):
        found = client.get(LIST, {"q": words}).context["cl"]
        assert ([*found.result_list], found.result_count) == ([project], 1), words


def test_filters_count_on_request_and_what_is_not_stated_can_be_asked_for(client):
    make.Project(state=State.DRAFT)
    make.Project(state=State.PUBLISHED)
    make.Project(state=State.PUBLISHED, programme="")
    assert "published (2)" not in client.get(LIST).content.decode()
    page = client.get(LIST, {"_facets": "True"}).content.decode()
    assert "published (2)" in page
    assert "PGTF project (2)" in page
    assert "not stated (1)" in page

    found = client.get(LIST, {"programme__exact": ""}).context["cl"].result_list
    assert list(found) == [Project.objects.get(programme="")]


def make_projects(n):
    for _ in range(n):
        make.Project(
            countries=[make.Country(), make.Country()],
            sdgs=[make.SDG()],
            sectors=[make.Sector()],
            area=make.PGTFArea(),
            submitter=make.Institution(),
        )


def queries_of_the_list(client):
    with CaptureQueriesContext(connection) as queries:
        client.get(LIST)
    return len(queries)


def test_queries_of_the_list_do_not_grow_with_the_rows(client):
    make_projects(3)
    queries_of_the_list(client)
    few = queries_of_the_list(client)
    make_projects(12)

    assert queries_of_the_list(client) <= few <= 35


# ------------------------------------------------------------------ the form


def test_form_asks_for_each_text_once_a_language_and_saves_a_draft_of_nothing(client):
    form = client.get(ADD).context["adminform"].form
    assert [name for name in form.fields if name.startswith("title")] == ["title", "title_zh_hans"]
    assert form.fields["title"].label == "Title (English)"
    assert form.fields["title_zh_hans"].label == "Title (Chinese)"
    assert not {"state", "published_at", "code"} & form.fields.keys()

    response = client.post(ADD, filled(client.get(ADD)))
    project = Project.objects.get()
    assert response.status_code == 302
    assert project.state == State.DRAFT
    assert project.code.startswith("SSC-")


def test_state_is_no_field_of_the_form_and_saving_it_unchanged_leaves_no_trace(client):
    project = make.Project(summary="One line\nand another", sdgs=[make.SDG()])
    before = Project.objects.values().get()
    data = filled(client.get(change(project)))
    data["summary"] = data["summary"].replace("\n", "\r\n")
    client.post(change(project), data)
    assert Project.objects.values().get() == before
    assert project.events.count() == 1

    project = complete(state=State.DRAFT)
    client.post(change(project), filled(client.get(change(project))) | {"state": "published"})
    project.refresh_from_db()
    assert project.state == State.DRAFT


def test_nonsense_is_refused_beside_its_field_and_nothing_typed_is_lost(client):
    project = make.Project(state=State.DRAFT)
    form = filled(client.get(change(project))) | {"outcome": "Typed with care"}

    for field, value, message in [
        ("year_approved", "99999999999999999999", "32767"),
        ("year_approved", "1066", "The Fund was set up in 1983"),
        ("granted_usd", "1e400", "14 digits"),
        ("granted_usd", "-1", "An amount cannot be negative."),
        ("granted_usd", "NaN", "Write an amount such as 35,000"),
        ("granted_usd", "35.000,50", "Write an amount such as 35,000"),
        ("granted_usd", "3,5", "Write an amount such as 35,000"),
        ("beneficiaries_number", "9" * 400, "2147483647"),
        ("approved_on", "30 February", "Write the date as 2019-05-12."),
        ("approved_on", "99999-01-01", "Write the date as 2019-05-12."),
        ("approved_on", "01/02/2025", "Write the date as 2019-05-12."),
        ("final_report_on", "2019-13", "Write a year, a month or a day"),
        ("title", "x" * 500, "at most 400 characters"),
        ("title_zh_hans", "竹" * 500, "at most 400 characters"),
        ("slug", "no slug!", "valid “slug”"),
        ("programme", "nonsense", "Select a valid choice"),
        ("contact", "99999999999999999999", "Select a valid choice"),
    ]:
        response = client.post(change(project), form | {field: value})
        assert response.status_code == 200, (field, value)
        page = response.content.decode()
        assert any(message in text for text in errors(response)), errors(response)
        assert f'id="id_{field}_error"' in page, value
        assert "Typed with care" in page, value


def test_odd_addresses_are_answered_and_of_no_record_lead_back(client):
    for query in ("q=%00", "p=99999999999999999999", "year_approved=abc", "o=x.y"):
        assert client.get(f"{LIST}?{query}").status_code in (200, 302, 400), query
    for key in ("99999999999999999999999", "nonsense", "0"):
        for page in ("change", "history", "step/publish"):
            assert client.get(f"/admin/projects/project/{key}/{page}/").status_code == 302, key


# ------------------------------------------------------------------ rows of a record


def sdg_rows(project):
    return list(project.project_sdgs.values_list("sdg_id", "place"))


def test_two_goals_change_places_and_a_new_one_takes_that_of_a_removed_one(client):
    project = make.Project(sdgs=[make.SDG(number=6), make.SDG(number=7)])
    data = filled(client.get(change(project)))
    data |= {"project_sdgs-0-place": "1", "project_sdgs-1-place": "0"}
    response = client.post(change(project), data)
    assert response.status_code == 302, errors(response)
    assert sdg_rows(project) == [(7, 0), (6, 1)]

    project = make.Project(sdgs=[make.SDG(number=6)])
    data = filled(client.get(change(project))) | {"project_sdgs-0-DELETE": "on"}
    add_row(data, "project_sdgs", sdg=make.SDG(number=13).pk, place="0")
    response = client.post(change(project), data)
    assert response.status_code == 302, errors(response)
    assert sdg_rows(project) == [(13, 0)]


def test_what_a_source_is_for_is_set_or_refused_beside_it(client):
    project = make.Project()
    for prefix, values, words in [
        (SOURCES, {"fields": ["no_field"], "how": "from_list"}, CHOICE),
        (SOURCES, {"name": "Report", "how": "proposed"}, CHOICE),
        (SOURCES, {"name": "www.example.org"}, "Write who published it"),
        (
            SOURCES,
            {"how": "translated"},
            "Write a name, or choose how it is known and tick what it is for.",
        ),
    ]:
        data = filled(client.get(change(project)))
        add_row(data, prefix, **values)
        response = client.post(change(project), data)
        assert response.status_code == 200, values
        assert words in str(errors(response)), values

    data = filled(client.get(change(project)))
    add_row(data, SOURCES, fields=["title_en", "zh"], how="from_list")
    response = client.post(change(project), data)
    assert response.status_code == 302, errors(response)
    source = project.sources.get()
    assert (source.fields, source.how, source.name) == (["title_en", "zh"], "from_list", "")


def test_a_second_primary_goal_or_the_same_goal_is_refused_beside_it(client):
    project = make.Project(sdgs=[make.SDG(number=6)])
    make.SDG(number=7)

    for sdg, place, message in [
        (7, "0", "A project has one primary goal and at most four others."),
        (6, "1", "This goal has already been added."),
        (7, "5", "Select a valid choice"),
    ]:
        data = filled(client.get(change(project)))
        row = add_row(data, "project_sdgs", sdg=sdg, place=place)
        response = client.post(change(project), data)
        assert any(message in text for text in errors(response)), errors(response)
        field = "sdg" if sdg == 6 else "place"
        assert f'id="id_{row}-{field}_error"' in response.content.decode(), message


def roles(project):
    return dict(project.project_countries.values_list("country__name", "role"))


def two_countries():
    countries = [make.Country(name="China"), make.Country(name="Kenya")]
    return make.Project(countries=countries)


@pytest.mark.parametrize("order", [("0", "1"), ("1", "0")])
def test_the_lead_passes_from_one_country_to_another_in_one_save(client, order):
    project = two_countries()
    if order == ("1", "0"):
        ProjectCountry.objects.all().delete()
        for name, role in (("Kenya", "participating"), ("China", "lead")):
            make.ProjectCountry(project=project, country__name=name, role=role)
    lead, other = order
    data = filled(client.get(change(project)))
    data |= {
        f"project_countries-{lead}-role": "participating",
        f"project_countries-{other}-role": "lead",
    }

    response = client.post(change(project), data)

    assert response.status_code == 302, errors(response)
    assert roles(project) == {"China": "participating", "Kenya": "lead"}


def test_a_second_lead_or_a_country_twice_or_added_meanwhile_is_refused(client):
    project = two_countries()
    data = filled(client.get(change(project)))
    china = project.project_countries.first().country_id
    add_row(data, "project_countries", country=make.Country().pk, role="lead")
    add_row(data, "project_countries", country=china, role="participating")
    response = client.post(change(project), data)
    assert errors(response) == [
        "Only one country can lead.",
        "This country has already been added.",
    ]

    project = make.Project()
    data = filled(client.get(change(project)))
    link = make.ProjectCountry(project=project)
    add_row(data, "project_countries", country=link.country_id, role="lead")
    response = client.post(change(project), data)
    assert "Your changes are not saved yet" in response.content.decode()
    response = client.post(change(project), filled(response))
    assert errors(response) == ["This country has already been added."]


def test_of_rows_changed_and_deleted_at_once_the_right_one_goes(client):
    project = make.Project()
    kenya, nepal = (make.ProjectCountry(project=project) for _ in range(2))
    data = filled(client.get(change(project)))
    row = {data[f"project_countries-{n}-id"]: f"project_countries-{n}" for n in (0, 1)}
    data |= {f"{row[str(kenya.pk)]}-role": "beneficiary", f"{row[str(nepal.pk)]}-DELETE": "on"}

    client.post(change(project), data)

    [left] = project.project_countries.all()
    assert (left.pk, left.role) == (kenya.pk, "beneficiary")


def test_a_clash_in_the_moment_of_saving_is_shown_beside_the_field_too(client, monkeypatch):
    project = make.Project()
    data = filled(client.get(change(project))) | {"outcome": "Typed with care"}
    link = make.ProjectCountry(project=project)
    data["_version"] = filled(client.get(change(project)))["_version"]
    add_row(data, "project_countries", country=link.country_id, role="participating")
    save, look = ProjectAdmin.save_related, RowFormSet.rows_elsewhere
    # The first check sees nothing, as if the other row came between check and save.
    monkeypatch.setattr(RowFormSet, "rows_elsewhere", lambda self, constraint: [])

    def save_and_look_again(*args):
        monkeypatch.setattr(RowFormSet, "rows_elsewhere", look)
        save(*args)

    monkeypatch.setattr(ProjectAdmin, "save_related", save_and_look_again)
    response = client.post(change(project), data)

    assert errors(response) == ["This country has already been added."]
    assert "Typed with care" in response.content.decode()


def test_a_number_of_another_project_is_refused_and_so_is_one_typed_twice(client):
    make.FundNumber(number="INT/18/K08")
    project = make.Project()
    data = filled(client.get(change(project)))
    for number in ("INT/18/K08", "INT/19/K01", "INT/19/K01", "INT19K02"):
        add_row(data, "fund_numbers", number=number)

    response = client.post(change(project), data)

    assert response.status_code == 200
    found = errors(response)
    assert "Another project has this number." in found
    assert "Write it like INT/18/K08." in found
    assert "This has already been added." in found


# ------------------------------------------------------------------ gaps and warnings


def test_gaps_link_to_their_fields_and_todays_rules_warn_only(client):
    project = make.Project(title="", state=State.DRAFT)
    response = client.get(change(project))
    page = response.content.decode()
    for _gap, anchor in response.context["gaps"]:
        assert f'href="{anchor}"' in page
        assert f'id="{anchor.removeprefix("#")}"' in page
    assert ("title", True) in [(gap.field, gap.blocks) for gap, _ in response.context["gaps"]]
    assert "must be filled before publishing" in page

    project = make.Project(countries=[make.Country(g77=None, name="Elsewhere")])
    data = filled(client.get(change(project))) | {"granted_usd": "29000", "other_inputs_usd": "1"}
    response = client.post(change(project), data)
    page = client.get(change(project)).content.decode()
    for text in (
        "Fewer than three countries take part.",
        "Not known to be members of the Group of 77: Elsewhere.",
        "The other inputs are lower than the grant.",
    ):
        assert text in texts(response)
        assert text in page


# ------------------------------------------------------------------ steps of one project


def test_a_step_leads_to_the_page_or_does_not_exist(client):
    project = make.Project(title="Bamboo", state=State.DRAFT)
    for prefix in ("", "/zh-hans"):
        page = client.get(prefix + change(project)).content.decode()
        assert f'href="{prefix}/projects/bamboo/"' in page
        assert client.get(f"{prefix}/projects/bamboo/").status_code == 200

    project = complete()
    assert client.get(step(project, "explode")).status_code == 404
    data = filled(client.get(change(project)))
    assert client.post(change(project), data | {"_step": "explode"}).status_code == 404


def test_marking_ready_saves_what_was_typed_unless_an_error_stops_the_step(client):
    project = complete(state=State.DRAFT)
    data = filled(client.get(change(project)))
    client.post(change(project), data | {"approved_on": "never", "_step": "mark_ready"})
    project.refresh_from_db()
    assert project.state == State.DRAFT

    data = filled(client.get(change(project)))
    client.post(change(project), data | {"summary": "Typed", "_step": "mark_ready"})
    project.refresh_from_db()
    assert (project.summary, project.state) == ("Typed", State.READY)


def test_publishing_shows_the_gaps_first_and_a_missing_source_blocks_it(client):
    project = complete(title="Bamboo", state=State.READY)
    data = filled(client.get(change(project)))
    response = client.post(change(project), data | {"_step": "publish"}, follow=True)
    project.refresh_from_db()
    assert project.state == State.READY
    assert "The summary is missing." in response.content.decode()
    client.post(step(project, "publish"))
    project.refresh_from_db()
    assert project.state == State.PUBLISHED
    assert client.get(project.get_absolute_url()).status_code == 200

    project = make.Project(state=State.READY)
    page = client.get(step(project, "publish")).content.decode()
    response = client.post(step(project, "publish"))
    assert "It has no source." in page
    assert '<input type="submit"' not in page
    project.refresh_from_db()
    assert project.state == State.READY
    assert any("It has no source." in text for text in texts(response))


def test_a_second_person_publishes_where_the_setting_asks_for_one(client, settings, officer):
    settings.PUBLISHING_NEEDS_SECOND_PERSON = True
    project = complete(state=State.READY)
    client.post(change(project), filled(client.get(change(project))) | {"summary": "Mine"})

    client.post(step(project, "publish"))
    project.refresh_from_db()
    assert project.state == State.READY

    client.force_login(make.User(is_staff=True, is_superuser=True))
    client.post(step(project, "publish"))
    project.refresh_from_db()
    assert project.state == State.PUBLISHED


def test_a_classification_is_confirmed_by_a_click_and_waits_anew_when_it_changed(client, officer):
    project = complete(state=State.DRAFT)
    data = filled(client.get(change(project)))
    client.post(change(project), data | {"_confirm_classification": "1"})
    project.refresh_from_db()
    assert project.classification_confirmed_by == officer
    assert "_confirm_classification" not in client.get(change(project)).content.decode()

    project = make.Project(sectors=[make.Sector()])
    confirm_classification(project, officer)
    data = filled(client.get(change(project)))
    other = {"project_sectors-0-sector": make.Sector().pk}
    client.post(change(project), data | {"summary": "In other words"})
    project.refresh_from_db()
    assert project.classification_confirmed_by == officer
    client.post(change(project), filled(client.get(change(project))) | other)
    project.refresh_from_db()
    assert project.classification_confirmed_by is None
    assert "_confirm_classification" in client.get(change(project)).content.decode()

    data = filled(client.get(change(project)))
    other = {"project_sectors-0-sector": make.Sector().pk, "_confirm_classification": "1"}
    client.post(change(project), data | other)
    project.refresh_from_db()
    assert project.classification_confirmed_by == officer


# ------------------------------------------------------------------ many projects


def act(client, action, projects, **more):
    data = {"action": action, "_selected_action": [p.pk for p in projects], **more}
    return client.post(LIST, data)


def test_an_action_names_every_project_and_why_not_then_does_it_and_reports(client):
    good = complete(title="Bamboo", state=State.READY)
    draft = complete(title="Biogas", state=State.DRAFT)
    response = act(client, "publish", [good, draft])
    page = response.content.decode()
    assert [record for record, *_ in response.context["possible"]] == [good]
    assert [record for record, *_ in response.context["refused"]] == [draft]
    assert "Bamboo" in page
    assert "This step is not possible in the state “draft”." in page
    assert set(Project.objects.values_list("state", flat=True)) == {"ready", "draft"}

    late = complete(title="Bees", state=State.READY)
    act(client, "publish", [good, late])
    Project.objects.filter(pk=late.pk).update(state=State.DRAFT)
    response = act(client, "publish", [good, late], _confirmed="1")
    assert texts(response) == [
        "1 record is now in the state “published”.",
        "Bees stays as it is. This step is not possible in the state “draft”.",
    ]
    assert list(Project.objects.published()) == [good]

    for name in ("mark_ready", "return_to_draft", "publish", "withdraw"):
        assert act(client, name, [good]).status_code == 200, name


def test_a_long_or_filtered_list_names_all_and_what_left_it(client):
    project = complete(title="Bamboo", state=State.DRAFT)
    data = {"action": "publish", "_selected_action": [project.pk], "_confirmed": "1"}
    response = client.post(f"{LIST}?state__exact=ready", data)
    assert any("Bamboo stays as it is." in text for text in texts(response))

    projects = [complete(state=State.DRAFT, title=f"Project number {n}") for n in range(60)]
    response = act(client, "mark_ready", projects[:50], select_across="1")
    assert len(response.context["possible"]) == 61


def test_drafts_are_deleted_after_being_named_and_what_was_public_is_withdrawn(client):
    public, draft = complete(title="Bamboo", state=State.READY), complete(state=State.DRAFT)
    client.post(step(public, "publish"))
    response = act(client, "delete_selected", [public, draft], post="yes")
    assert texts(response)[-1].startswith("Nothing was deleted: Bamboo was public")
    assert Project.objects.count() == 2
    client.post(reverse("admin:projects_project_delete", args=[public.pk]), {"post": "yes"})
    assert Project.objects.count() == 2
    page = client.get(change(public)).content.decode()
    assert "deletelink" not in page
    assert 'value="withdraw"' in page

    assert str(draft) in act(client, "delete_selected", [draft]).content.decode()
    act(client, "delete_selected", [draft], post="yes")
    assert list(Project.objects.all()) == [public]


# ------------------------------------------------------------------ choosing rows


def test_countries_are_found_while_typing_in_either_language(client):
    make.Country(iso2="VN", name="Viet Nam", name_zh_hans="越南")
    make.Country(iso2="KE", name="Kenya")
    source = {"app_label": "projects", "model_name": "projectcountry", "field_name": "country"}

    for term in ("viet", "越南", "VN"):
        answer = client.get(reverse("admin:autocomplete"), source | {"term": term}).json()
        assert [result["id"] for result in answer["results"]] == ["VN"]


def test_a_project_is_entered_with_all_that_hangs_on_it(client):
    data = filled(client.get(ADD)) | {
        "title": "Bamboo",
        "title_zh_hans": "竹子",
        "programme": "pgtf",
    }
    add_row(data, "fund_numbers", number="INT/18/K08")
    add_row(data, "project_countries", country=make.Country().pk, role="lead")
    add_row(data, "project_institutions", institution=make.Institution().pk, role="submitter")
    add_row(data, "project_sectors", sector=make.Sector().pk)
    add_row(data, "project_sdgs", sdg=make.SDG().pk, place="0", reason="Why", reason_zh_hans="因为")
    add_row(data, SOURCES, name="Group of 77", address="https://www.g77.org/")

    response = client.post(ADD, data)

    assert response.status_code == 302, errors(response)
    project = Project.objects.get()
    assert (project.title_zh_hans, project.slug) == ("竹子", "bamboo")
    assert project.submitter is not None
    assert ProjectSDG.objects.get().reason_zh_hans == "因为"
    assert project.sources.get().name == "Group of 77"
