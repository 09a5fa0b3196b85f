"""One change of many projects: seen before, done once, undone like an import."""

import pytest
from django.urls import reverse
from django.utils import timezone

from projects.models import Project, ProjectSector
from secretariat.back_office import groups
from sscnet.changes.history import history_page
from sscnet.core.models import ImportBatch, ProposedVersion
from tests import make
from tests.pages import messages_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_web_role")]

LIST = reverse("admin:projects_project_changelist")


def chosen(client, records, address=LIST):
    data = {"action": "change_many", "_selected_action": [record.pk for record in records]}
    return client.post(address, data).url


def look(client, records, **data):
    return client.post(chosen(client, records), data)


def confirm(client, page):
    label = page.context["opts"].label_lower.replace(".", "_")
    address = reverse(f"admin:{label}_process_import")
    return client.post(address, {"preview": page.context["token"]}, follow=True)


def shown(page, kind):
    """Return what the preview says would change, by the title of the record."""
    outcomes = page.context["preview"].shown()[kind]
    return {one.title: [(c.label, c.old, c.new) for c in one.changes] for one in outcomes}


def state(project):
    project.refresh_from_db()
    return (
        project.area,
        set(project.sectors.all()),
        {link.place: link.sdg for link in project.project_sdgs.all()},
        project.classification_confirmed_by,
    )


@pytest.fixture
def energy():
    return make.Sector(slug="energy")


@pytest.fixture
def bamboo():
    project = make.Project(title="Bamboo", state="draft")
    make.ProjectSector(project=project, sector=make.Sector(slug="water"))
    return project


def test_it_is_seen_before_done_once_and_undone(client, publisher, bamboo, energy):
    area, goal = make.PGTFArea(), make.SDG(number=7)
    rice = make.Project(title="Rice")
    data = {
        "add_sectors": [energy.pk],
        "remove_sectors": [bamboo.sectors.get().pk],
        "add_goals": [goal.pk],
        "area": area.pk,
        "confirm": "on",
    }
    before = {project: state(project) for project in (bamboo, rice)}

    page = look(client, [bamboo, rice], **data)
    assert shown(page, "changed")["Bamboo"] == [
        ("PGTF area", "", str(area)),
        ("Sectors", "Water", "Energy"),
        ("Primary goal (SDG)", "", goal.name),
        ("Classification confirmed", "no", "yes"),
    ]
    assert {project: state(project) for project in before} == before

    done = confirm(client, page)
    goals = {0: goal}
    assert state(bamboo) == state(rice) == (area, {energy}, goals, publisher)
    assert "2 records were changed" in messages_of(done)[0]
    assert "Li Publisher, by bulk change no. 1" in {
        act.who.replace(f"no. {ImportBatch.objects.get().pk}", "no. 1")
        for act in history_page(bamboo, reader=publisher).object_list
    }

    assert messages_of(confirm(client, page)) == [
        "It has already been done. See the history, or begin again."
    ]
    again = look(client, [bamboo, rice], **data)
    assert shown(again, "same") == {"Bamboo": [], "Rice": []}
    confirm(client, again)
    batch = ImportBatch.objects.get()

    undone = client.post(
        reverse("admin:projects_project_undo_import", args=[batch.pk]), follow=True
    )
    assert messages_of(undone) == [
        f"Bulk change no. {batch.pk} has been undone. Removed: 0, restored: 2, unchanged: 0."
    ]
    assert {project: state(project) for project in before} == before


def test_what_was_changed_meanwhile_is_shown_anew(client, publisher, bamboo, energy):
    rice = make.Project(title="Rice")
    page = look(client, [bamboo, rice], add_sectors=[energy.pk])
    ProjectSector.objects.filter(project=bamboo).delete()

    again = confirm(client, page)

    assert "The records have changed since the preview" in messages_of(again)[0]
    assert [record for record, _address in again.context["records"]] == [bamboo, rice]
    assert not Project.objects.filter(sectors=energy).exists()


def test_a_goal_too_many_is_refused_beforehand(client, publisher, bamboo):
    for place in range(5):
        make.ProjectSDG(project=bamboo, sdg=make.SDG(number=place + 1), place=place)

    page = look(client, [bamboo], add_goals=[make.SDG(number=7).pk])

    assert not page.context["preview"].can_be_confirmed
    assert "A project has one primary goal and at most four others." in page.text


def test_what_an_editor_changes_of_a_public_record_waits(client, bamboo, energy):
    client.force_login(make.Officer(group=groups.HELPER))
    public = make.Project(title="Rice", state="published")
    data = {"add_sectors": [energy.pk], "confirm": "on"}

    page = look(client, [bamboo, public], **data)
    confirm(client, page)
    confirm(client, look(client, [bamboo, public], **data))

    assert list(Project.objects.filter(sectors=energy)) == [bamboo]
    version = ProposedVersion.objects.get()
    assert version.record == public
    assert [change["after"]["sector_id"] for change in version.changes] == [energy.pk]
    assert ImportBatch.objects.get().changed == 1
    assert "is confirmed by somebody who may publish" in look(client, [public], confirm="on").text


def test_a_confirmation_that_lapses_is_said_beforehand(client, publisher, bamboo, energy):
    Project.objects.filter(pk=bamboo.pk).update(classification_confirmed_on=timezone.localdate())

    page = look(client, [bamboo], add_sectors=[energy.pk])
    assert ("Classification confirmed", "yes", "no") in shown(page, "changed")["Bamboo"]

    confirm(client, page)
    bamboo.refresh_from_db()
    assert bamboo.classification_confirmed_on is None


def test_nonsense_and_who_may_not_change_nothing(client, publisher, bamboo, energy):
    for query in ("", "?pk=0&pk=x&pk=99999999999999999999", "?pk=1"):
        for data in ({}, {"area": "x"}, {"confirm": "on"}):
            address = reverse("admin:projects_project_change_many") + query
            assert client.post(address, data).status_code in (200, 302), (query, data)
    assert not ImportBatch.objects.exists()

    client.force_login(make.Officer(group=groups.READER))
    address = f"{reverse('admin:projects_project_change_many')}?pk={bamboo.pk}"
    assert client.post(address, {"add_sectors": [energy.pk]}).status_code == 403


def test_institutions_get_sectors_too(client, publisher, energy):
    institution = make.Institution()
    address = chosen(client, [institution], reverse("admin:members_institution_changelist"))

    confirm(client, client.post(address, {"add_sectors": [energy.pk]}))

    assert list(institution.sectors.all()) == [energy]
