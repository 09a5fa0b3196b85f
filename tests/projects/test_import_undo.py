"""An import is undone: what it made goes, what it changed is as before, the rest is named."""

import pghistory
import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import DO_NOTHING, FileField
from django.urls import reverse

from meetings.models import InstitutionQuota
from meetings.programme.fields import FIELDS as MEETINGS
from members.fields import FIELDS as INSTITUTIONS
from members.models import Institution, RosterEntry, Service
from projects.fields import FIELDS as PROJECTS
from projects.models import Project
from sscnet.changes.hanging import generic_keys, keys_to
from sscnet.changes.history import history_page
from sscnet.changes.publication import confirm_classification
from sscnet.core.models import ImportBatch
from sscnet.exchange.undo import Undoing
from tests import make
from tests.members.everything import meeting_of_everything, with_everything
from tests.pages import messages_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_web_role", "media")]

IMPORT = reverse("admin:projects_project_import")
CONFIRM = reverse("admin:projects_project_process_import")
IMPORTS = reverse("admin:projects_project_imports")


@pytest.fixture
def officer(client):
    permissions = [f"projects.{verb}_project" for verb in ("add", "change", "view", "publish")]
    user = make.Officer(permissions=permissions, name="Wang Li")
    client.force_login(user)
    return user


def bring_in(client, content, name="sheet.csv", model="projects_project"):
    file = SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)
    preview = client.post(reverse(f"admin:{model}_import"), {"file": file})
    address = reverse(f"admin:{model}_process_import")
    data = {"preview": preview.context["token"], "source_name": "Report of 2026"}
    client.post(address, data, follow=True)
    return ImportBatch.objects.latest("pk")


def page_of(batch, view="one_import"):
    return reverse(f"admin:{batch.model.replace('.', '_')}_{view}", args=[batch.pk])


def undo(client, batch):
    return client.post(page_of(batch, "undo_import"), follow=True)


def titles(traces):
    return [trace.title for trace in traces]


def everything(project):
    """Give all that an import can write of a project, as text."""
    project = Project.objects.get(pk=project.pk)
    own = {f.attname: getattr(project, f.attname) for f in Project._meta.concrete_fields}
    own.pop("updated_at")
    links = [
        sorted(str(list(rows)) for rows in getattr(project, name).values_list())
        for name in (
            *("fund_numbers", "project_countries", "project_institutions"),
            *("project_sectors", "project_sdgs", "sources"),
        )
    ]
    return own, links


# ------------------------------------------------------------------ what is put back


def test_every_list_and_field_gets_back_its_former_value(client, officer):
    kenya, nepal, togo = (make.Country() for _ in range(3))
    project = make.Project(
        title="Before",
        title_zh_hans="之前",
        countries=[kenya, nepal],
        sectors=[make.Sector()],
        sdgs=[make.SDG(), make.SDG()],
        numbers=["INT/18/K08"],
    )
    make.Source(record=project)
    confirm_classification(project, officer)
    goals = [str(row.sdg_id) for row in project.project_sdgs.order_by("place")]
    before = everything(project)
    row = {
        "code": project.code,
        "title_en": "After",
        "title_zh_hans": "-",
        "lead_country": nepal.pk,
        "participating_countries": f"{kenya.pk}; {togo.pk}",
        "sectors": make.Sector().slug,
        "primary_sdg": goals[1],
        "secondary_sdgs": goals[0],
        "sources": "Another | https://example.org/",
        "fund_numbers": "INT/19/K01",
    }
    batch = bring_in(client, f"{','.join(row)}\n{','.join(row.values())}")
    assert everything(project)[0]["title"] == "After"
    assert everything(project)[0]["classification_confirmed_on"] is None

    undo(client, batch)

    assert everything(project) == before


def test_the_history_names_the_import_and_its_undoing(client, officer):
    project = make.Project(title="Before")
    batch = bring_in(client, f"code,title_en\n{project.code},After", "names.csv")
    undo(client, batch)

    assert {act.who for act in history_page(project)} == {
        "not known: changed in the database",
        f"Wang Li, by importing names.csv (import no. {batch.pk})",
        f"Wang Li, by undoing import no. {batch.pk}",
    }


def test_an_import_of_institutions_is_undone_as_well(client):
    client.force_login(make.Administrator())
    old = make.Institution(name="Before")
    text = f"slug,name_en,acronym,membership_state\n{old.slug},After,AFT,\n,New,NEW,member"
    batch = bring_in(client, text, model="members_institution")

    answer = undo(client, batch)

    assert messages_of(answer)[0].endswith("Removed: 1, restored: 1, unchanged: 0.")
    assert [i.name for i in type(old).objects.all()] == ["Before"]
    assert list(old.names.all()) == []


# ------------------------------------------------------------------ what is refused


@pytest.mark.parametrize(
    "touch",
    [
        lambda project: Project.objects.filter(pk=project.pk).update(summary="Mine"),
        lambda project: Project.objects.filter(pk=project.pk).update(state="ready"),
        lambda project: project.project_countries.create(country=make.Country()),
        lambda project: project.project_countries.all().delete(),
        lambda project: make.Source(record=project),
        lambda project: (
            project.documents.create(file="x.pdf", size=1)
            if False
            else project.project_institutions.create(institution=make.Institution())
        ),
    ],
)
def test_whatever_was_touched_since_stays(client, officer, touch):
    country = make.Country()
    old = make.Project(title="Before")
    batch = bring_in(
        client,
        f"code,title_en,lead_country\n{old.code},After,{country.pk}\n,New,{country.pk}\n",
    )
    new = Project.objects.get(title="New")
    # Within one transaction, as in a test, what follows would count as the import's own.
    with pghistory.context(command="by_hand"):
        touch(old)
        touch(new)
    held = everything(old), everything(new)

    answer = undo(client, batch)

    assert messages_of(answer)[0].endswith("Removed: 0, restored: 0, unchanged: 2.")
    assert (everything(old), everything(new)) == held
    assert sorted(titles(answer.context["touched"])) == ["After", "New"]


def test_what_happened_before_the_import_is_no_obstacle(client, officer):
    project = make.Project(title="Long ago")
    Project.objects.filter(pk=project.pk).update(title="Before")
    make.Source(record=project)
    batch = bring_in(client, f"code,title_en\n{project.code},After")

    undo(client, batch)

    assert Project.objects.get().title == "Before"


def test_a_new_record_that_others_point_to_stays_and_is_named(client):
    client.force_login(make.Administrator())
    batch = bring_in(client, "name_en\nNew institute", model="members_institution")
    project = make.Project(title="Points to it")
    institution = Undoing(batch).traces[0].record
    with pghistory.context(command="by_hand"):
        project.project_institutions.create(institution=institution)

    answer = undo(client, batch)

    assert messages_of(answer)[0].endswith("Removed: 0, restored: 0, unchanged: 1.")
    assert messages_of(answer)[1].startswith("New institute: Other records refer to it:")


def test_whatever_hangs_on_a_new_institution_it_stays_and_is_named(client):
    """Each relation by itself: what the import made would take it along, or leave it empty."""
    user = make.Administrator()
    client.force_login(user)
    batch = bring_in(client, "name_en,aliases\nNew institute,NI", model="members_institution")
    new = Undoing(batch).traces[0].record
    with pghistory.context(command="by_hand"):
        other = make.Member()
        with_everything(other, meeting_of_everything(), make.Call(binding_rules=[]), user)
    kind = ContentType.objects.get_for_model(Institution)
    found = {}
    for key in keys_to(Institution):
        if key.remote_field.on_delete is not DO_NOTHING:
            rows = key.model._base_manager.filter(**{key.name: other})
            found[key] = rows.order_by("-pk"), {key.name: new}
    for key in generic_keys():
        rows = key.model._base_manager.filter(content_type=kind, object_id=other.pk)
        found[key] = rows, {"object_id": new.pk}
    for key, (rows, hung) in found.items():
        with transaction.atomic():
            row = rows.first()
            with pghistory.context(command="by_hand"):
                type(row)._base_manager.filter(pk=row.pk).update(**hung)
            (trace,) = Undoing(batch).traces
            assert trace.touched or trace.obstacle, key
            assert not trace.can_be_undone
            transaction.set_rollback(True)
    InstitutionQuota.objects.create(institution=new, meeting=make.Meeting(), quota=1)
    RosterEntry.objects.create(institution=new, family_name="Li")

    question = client.get(page_of(batch, "undo_import")).content.decode()
    answer = undo(client, batch)

    text = "Other records refer to it: person the institution knows (1), quota of an institution"
    assert "Left as they are: other records refer to them (1)" in question
    assert text in question
    assert messages_of(answer)[1].startswith(f"New institute: {text}")
    assert new.names.count() == 1


@pytest.mark.parametrize("fields", [PROJECTS, INSTITUTIONS, MEETINGS])
def test_what_an_import_takes_out_of_a_record_is_a_row_on_which_nothing_hangs(fields):
    links = [column.links for column in fields.columns().values() if column.links]

    models = {one.model(fields.model()) for one in links}

    assert len(models) > 1
    for model in models:
        # A service on which a question hangs is not taken out (members/test_resources.py).
        assert model is Service or list(keys_to(model)) == []
        assert not [one for one in model._meta.get_fields() if isinstance(one, FileField)]


def test_a_number_taken_since_by_another_project_is_told(client, officer):
    project = make.Project(title="Old", numbers=["INT/18/K08"])
    batch = bring_in(client, f"code,fund_numbers\n{project.code},INT/18/K09")
    with pghistory.context(command="by_hand"):
        make.Project(numbers=["INT/18/K08"])

    answer = undo(client, batch)

    assert messages_of(answer)[1] == "Old: Another record now has what it had before."
    assert [n.number for n in project.fund_numbers.all()] == ["INT/18/K09"]


def test_an_import_is_undone_once(client, officer):
    project = make.Project(title="Before")
    batch = bring_in(client, f"code,title_en\n{project.code},After")
    undo(client, batch)
    Project.objects.filter(pk=project.pk).update(title="After")

    again = undo(client, batch)

    assert messages_of(again) == ["It has already been undone."]
    assert Project.objects.get().title == "After"
    assert client.get(page_of(batch, "undo_import")).status_code == 302


# ------------------------------------------------------------------ the list, and rights


def test_the_list_names_file_person_and_state(client, officer):
    assert "Nothing has been imported yet." in client.get(IMPORTS).content.decode()
    first = bring_in(client, "title_en\nOne", "one.csv")
    second = bring_in(client, "title_en\nTwo\nThree", "two.csv")
    undo(client, first)

    response = client.get(IMPORTS)

    assert list(response.context["page"]) == [second, first]
    page = response.content.decode()
    for text in ("two.csv", "one.csv", "Wang Li", "undone by Wang Li"):
        assert text in page
    assert IMPORTS in client.get(reverse("admin:projects_project_changelist")).content.decode()


def test_a_refused_or_failed_import_leaves_no_number(client, officer):
    client.post(IMPORT, {"file": SimpleUploadedFile("x.csv", b"title_en\nSample")})
    client.post(CONFIRM, {"preview": "nonsense"})

    assert not ImportBatch.objects.exists()


def test_who_may_only_look_sees_imports_and_undoes_nothing(client, officer):
    project = make.Project(title="Before")
    batch = bring_in(client, f"code,title_en\n{project.code},After")
    client.force_login(make.Officer(permissions=["projects.view_project"]))

    assert client.get(IMPORTS).status_code == 200
    page = client.get(page_of(batch))
    assert "Undo this import" not in page.content.decode()
    assert client.get(page_of(batch, "undo_import")).status_code == 403
    assert client.post(page_of(batch, "undo_import")).status_code == 403
    assert Project.objects.get().title == "After"

    client.force_login(make.Officer(permissions=["members.view_institution"]))
    assert client.get(IMPORTS).status_code == 403
    assert client.get(page_of(batch)).status_code == 403


def test_an_import_of_another_kind_or_number_is_not_found(client, officer):
    client.force_login(make.Administrator())
    batch = bring_in(client, "title_en\nOne")

    for name, number in (("members_institution", batch.pk), ("projects_project", 10**18)):
        for view in ("one_import", "undo_import"):
            address = reverse(f"admin:{name}_{view}", args=[number])
            assert client.get(address).status_code == 404


def test_queries_of_the_question_do_not_grow_with_rows(
    client, officer, django_assert_max_num_queries
):
    batch = bring_in(client, "title_en\n" + "\n".join(f"Title {n}" for n in range(60)))

    with django_assert_max_num_queries(60):
        response = client.get(page_of(batch, "undo_import"))

    assert len(response.context["new"]) == 60
