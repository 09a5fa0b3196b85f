"""Two officers on one record: the second save is refused, and nothing typed is lost."""

import pghistory
import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from projects.calls.models import Reading
from projects.models import Project, ProjectCountry
from secretariat.enquiries.models import Enquiry
from secretariat.models import DatedFigure
from sscnet.admin import ReadOnlyInline, RecordAdmin
from sscnet.changes.parts import parts_in_form
from sscnet.codelists.models import Country
from sscnet.papers.models import PaperTemplate
from tests import make
from tests.admin_forms import add_row, filled
from tests.pages import plain

pytestmark = pytest.mark.django_db

COUNTRIES = "project_countries"


@pytest.fixture
def first(client_of):
    return client_of("Wang Li")


@pytest.fixture
def second(client_of):
    return client_of("Zhao Qi")


@pytest.fixture
def client_of():
    def create(name):
        client = Client()
        client.force_login(make.User(is_staff=True, is_superuser=True, name=name))
        return client

    return create


def address(record):
    opts = record._meta
    page = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[record.pk])
    return f"{page}?tab=all"


def opened(client, record):
    return filled(client.get(address(record)))


def save(client, record, data, **typed):
    return client.post(address(record), data | typed | {"_continue": "1"})


def told(response):
    """Give the table of what differs: row, label, saved now, typed."""
    return [
        (*filter(None, (d.row, d.label)), d.now, d.after)
        for d in response.context["conflict"].differences
    ]


def acts(response):
    """Give what others did meanwhile: by whom, and in which sentences."""
    return [
        (act.who, [plain(one) for one in act.sentences])
        for act in response.context["conflict"].acts
    ]


def test_the_second_save_is_refused_with_both_texts_and_who_changed_what(first, second):
    project = make.Project(title="Bamboo")
    mine, theirs = opened(first, project), opened(second, project)
    save(second, project, theirs, title="Bamboo houses")

    response = save(first, project, mine, title="Bamboo bridges")

    assert told(response) == [("Title (English)", "Bamboo houses", "Bamboo bridges")]
    [difference] = response.context["conflict"].differences
    assert difference.is_clash
    assert acts(response) == [("Zhao Qi", ["Title (English) changed from Bamboo to Bamboo houses"])]
    page = response.content.decode()
    for words in ("Your changes are not saved yet", "Zhao Qi", "Bamboo houses", "Bamboo bridges"):
        assert words in page
    assert filled(response)["title"] == "Bamboo bridges"
    assert Project.objects.get().title == "Bamboo houses"


def test_saved_again_knowingly_it_is_stored_over_the_newer_one(first, second):
    project = make.Project(title="Bamboo", summary="Old")
    mine, theirs = opened(first, project), opened(second, project)
    save(second, project, theirs, title="Bamboo houses", summary="New")
    refused = save(first, project, mine, title="Bamboo bridges")

    response = save(first, project, filled(refused))

    assert response.status_code == 302
    project.refresh_from_db()
    # What was left alone is theirs, what was typed is mine.
    assert (project.title, project.summary) == ("Bamboo bridges", "New")


def test_a_third_save_between_is_refused_again(first, second):
    project = make.Project(title="Bamboo")
    mine = opened(first, project)
    save(second, project, opened(second, project), title="Two")
    refused = save(first, project, mine, title="Mine")
    save(second, project, opened(second, project), title="Three")

    again = save(first, project, filled(refused))

    assert told(again) == [("Title (English)", "Three", "Mine")]
    assert Project.objects.get().title == "Three"


def test_nothing_is_refused_when_nobody_else_saved(first):
    project = make.Project(title="Bamboo")

    response = save(first, project, opened(first, project), title="Mine")

    assert response.status_code == 302
    assert Project.objects.get().title == "Mine"


def test_a_form_without_a_version_does_not_save(first):
    project = make.Project(title="Bamboo")
    data = opened(first, project) | {"title": "Mine"}

    for version in ("", "nonsense", "1.1", "0-0.0"):
        response = save(first, project, data, _version=version)

        assert response.status_code == 200, version
        assert filled(response)["title"] == "Mine"
    assert Project.objects.get().title == "Bamboo"


def test_a_form_sent_twice_stores_once_and_asks_nothing(first):
    country = make.Country(name="Kenya")
    project = make.Project(title="Bamboo")
    data = opened(first, project) | {"title": "Mine"}
    hidden = {"id": "", "project": project.pk}
    add_row(data, COUNTRIES, country=country.pk, role="participating", **hidden)
    save(first, project, data)

    again = save(first, project, data)

    assert again.status_code == 302
    assert [str(row.country) for row in project.project_countries.all()] == ["Kenya"]


def test_changes_made_otherwise_count_too(first):
    project = make.Project(title="Bamboo")
    mine = opened(first, project)
    with pghistory.context(command="load_network", import_file="projects.csv"):
        Project.objects.filter(pk=project.pk).update(title="Loaded")

    response = save(first, project, mine, title="Mine")

    [(who, _sentences)] = acts(response)
    assert who == "the command load_network, from projects.csv"


# ------------------------------------------------------------------ rows of inlines


def names(project):
    return {str(row.country): row.role for row in project.project_countries.all()}


def test_a_row_added_meanwhile_is_kept_and_mine_stays_typed(first, second):
    kenya, nepal = make.Country(name="Kenya"), make.Country(name="Nepal")
    project = make.Project()
    mine, theirs = opened(first, project), opened(second, project)
    add_row(theirs, COUNTRIES, country=kenya.pk, role="participating")
    save(second, project, theirs)
    add_row(mine, COUNTRIES, country=nepal.pk, role="lead")

    refused = save(first, project, mine)
    assert acts(refused) == [("Zhao Qi", ["Country added: Kenya (participating)"])]
    save(first, project, filled(refused))

    assert names(project) == {"Kenya": "participating", "Nepal": "lead"}


def test_a_row_removed_meanwhile_stays_removed_and_what_i_typed_in_it_is_shown(first, second):
    kenya, nepal = make.Country(name="Kenya"), make.Country(name="Nepal")
    project = make.Project(countries=[kenya, nepal])
    mine = opened(first, project)
    project.project_countries.all().delete()
    rows = {mine[f"{COUNTRIES}-{n}-country"]: n for n in (0, 1)}
    mine[f"{COUNTRIES}-{rows[nepal.pk]}-role"] = "beneficiary"

    refused = save(first, project, mine)
    assert told(refused) == [("Nepal", "Role", "removed in the meantime", "beneficiary")]
    [(_who, sentences)] = acts(refused)
    assert sorted(sentences) == [
        "Country removed: Kenya (lead)",
        "Country removed: Nepal (participating)",
    ]
    save(first, project, filled(refused))

    assert names(project) == {}


def test_one_row_changed_by_both_shows_both_and_other_rows_are_theirs(first, second):
    kenya, nepal = make.Country(name="Kenya"), make.Country(name="Nepal")
    project = make.Project()
    for country in (kenya, nepal):
        project.project_countries.create(country=country)
    mine = opened(first, project)
    rows = {mine[f"{COUNTRIES}-{n}-country"]: n for n in (0, 1)}
    ProjectCountry.objects.filter(country=kenya).update(role="lead")
    ProjectCountry.objects.filter(country=nepal).update(role="beneficiary")
    mine[f"{COUNTRIES}-{rows[kenya.pk]}-role"] = "beneficiary"

    refused = save(first, project, mine)
    assert told(refused) == [("Kenya", "Role", "lead", "beneficiary")]
    assert sorted(sentence for _who, sentences in acts(refused) for sentence in sentences) == [
        "Country Kenya: role changed from participating to lead",
        "Country Nepal: role changed from participating to beneficiary",
    ]
    save(first, project, filled(refused))

    assert names(project) == {"Kenya": "beneficiary", "Nepal": "beneficiary"}


def test_a_row_i_delete_goes_once_that_is_confirmed(first, second):
    project = make.Project(countries=[make.Country(name="Kenya")])
    mine = opened(first, project)
    save(second, project, opened(second, project), title="Theirs")
    mine[f"{COUNTRIES}-0-DELETE"] = "on"

    refused = save(first, project, mine)
    assert refused.status_code == 200
    save(first, project, filled(refused))

    assert names(project) == {}
    assert Project.objects.get().title == "Theirs"


def test_a_file_that_has_to_be_chosen_again_is_named(first, second):
    project = make.Project()
    mine = opened(first, project)
    save(second, project, opened(second, project), title="Theirs")
    add_row(mine, "documents", title="Report", file=SimpleUploadedFile("report.pdf", b"%PDF-1.4"))

    refused = save(first, project, mine)

    assert refused.context["conflict"].lost_files == ["report.pdf"]
    assert filled(refused)["documents-0-title"] == "Report"


def test_rows_one_may_only_look_at_are_no_conflict(second):
    kenya, nepal = make.Country(name="Kenya"), make.Country(name="Nepal")
    project = make.Project(title="Bamboo", countries=[kenya, nepal])
    user = make.User(is_staff=True, name="Sun Yu")
    names_of = ["view_project", "change_project", "view_projectcountry"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names_of))
    client = Client()
    client.force_login(user)
    mine = {k: v for k, v in opened(client, project).items() if not k.startswith(f"{COUNTRIES}-0")}
    save(second, project, opened(second, project), title="Theirs")

    refused = save(client, project, mine, title="Mine")

    assert told(refused) == [("Title (English)", "Theirs", "Mine")]
    assert set(names(project)) == {"Kenya", "Nepal"}


# ------------------------------------------------------------------ all records


@pytest.mark.parametrize(
    ("create", "name"),
    [
        (make.Page, "title"),
        (make.Institution, "name"),
        (make.Country, "name"),
        (make.User, "name"),
        (make.Meeting, "title"),
        (
            lambda: DatedFigure.objects.create(
                figure=DatedFigure.Figure.values[0], value=1, as_of="2020", label="Sample"
            ),
            "label",
        ),
    ],
)
def test_every_kind_of_record_is_protected(first, second, create, name):
    record = create()
    mine = opened(first, record)
    before = getattr(record, name)
    save(second, record, opened(second, record), **{name: "Theirs"})

    response = save(first, record, mine, **{name: "Mine"})

    assert [row[1:] for row in told(response)] == [("Theirs", "Mine")]
    [(_who, [sentence])] = acts(response)
    assert sentence.endswith(f"changed from {before} to Theirs" if before else "set to Theirs")
    record.refresh_from_db()
    assert getattr(record, name) == "Theirs"


def test_sources_of_a_code_list_are_protected_though_nothing_touches_the_record(first):
    country = make.Country(name="Kenya")
    mine = opened(first, country)
    make.Source(record=country, name="UN M49")

    response = save(first, country, mine, name="Mine")

    [(_who, [sentence])] = acts(response)
    assert sentence.startswith("Source added: UN M49")
    assert Country.objects.get().name == "Kenya"


def test_a_step_from_an_old_form_is_refused_as_well(first, second):
    project = make.Project(title="Bamboo", state="draft")
    mine = opened(first, project)
    save(second, project, opened(second, project), title="Theirs")

    response = first.post(address(project), mine | {"title": "Mine", "_step": "mark_ready"})

    assert response.status_code == 200
    assert Project.objects.get().state == "draft"


def test_no_list_is_edited_in_place_which_would_carry_no_version():
    admins = [a for a in admin.site._registry.values() if isinstance(a, RecordAdmin)]

    assert len(admins) > 8
    assert [a for a in admins if a.list_editable] == []


def test_whatever_a_form_can_overwrite_has_a_history():
    """All but questions, where a step is taken under a lock, and what is only added or removed."""
    admins = [a for a in admin.site._registry.values() if isinstance(a, RecordAdmin)]
    left_out = (Enquiry, PaperTemplate)

    for one in (a for a in admins if not a.is_read_only and a.model not in left_out):
        written = (inline for inline in one.inlines if not issubclass(inline, ReadOnlyInline))
        # Of a reading nothing is written but by its reader.
        in_form = {one.model, *(inline.model for inline in written)} - {Reading}
        assert in_form == {part.model for part in parts_in_form(one.model, in_form)}


def test_asking_costs_the_same_however_long_the_history_is(first):
    project = make.Project(countries=[make.Country()])
    opened(first, project)
    with CaptureQueriesContext(connection) as few:
        opened(first, project)
    for n in range(10):
        Project.objects.filter(pk=project.pk).update(title=f"Title {n}")
    with CaptureQueriesContext(connection) as many:
        opened(first, project)

    assert len(many) == len(few)
