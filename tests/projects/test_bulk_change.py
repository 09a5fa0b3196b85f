"""One change of many projects: seen before, done once, undone like an import."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from projects.models import Project
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


def confirm(client, page, **data):
    seen = [f"{one.record.pk}:{one.version}" for *_rest, one in page.context["possible"]]
    address = page.request["PATH_INFO"]
    return client.post(address, data | {"seen": seen, "_confirmed": "1"}, follow=True)


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
    seen = {
        one.record.title: [(c.label, c.before, c.after) for c in changes]
        for _address, changes, one in page.context["possible"]
    }
    assert seen["Bamboo"] == [
        ("PGTF area", "", str(area)),
        ("Sector", "Water", ""),
        ("Sector", "", "Energy"),
        ("Goal (SDG)", "", "7 Goal 7 (primary)"),
    ]
    assert {project: state(project) for project in before} == before

    done = confirm(client, page, **data)
    goals = {0: goal}
    assert state(bamboo) == state(rice) == (area, {energy}, goals, publisher)
    assert "2 records were changed" in messages_of(done)[0]
    assert "Li Publisher, by bulk change no. 1" in {
        act.who.replace(f"no. {ImportBatch.objects.get().pk}", "no. 1")
        for act in history_page(bamboo, reader=publisher).object_list
    }

    assert messages_of(confirm(client, page, **data)) == [
        "Bamboo stays as it is. There is nothing to change in it.",
        "Rice stays as it is. There is nothing to change in it.",
    ]
    batch = ImportBatch.objects.get()

    undone = client.post(
        reverse("admin:projects_project_undo_import", args=[batch.pk]), follow=True
    )
    assert messages_of(undone) == [
        f"Bulk change no. {batch.pk} has been undone. Removed: 0, restored: 2, unchanged: 0."
    ]
    assert {project: state(project) for project in before} == before


def test_what_would_change_or_was_changed_meanwhile_is_said(client, publisher, bamboo, energy):
    page = look(client, [bamboo], add_sectors=[energy.pk]).content.decode()
    ids = re.findall(r' id="([^"]+)"', page)
    assert page.index("1 record changes") < page.index("What is to change in 1 record")
    assert len(ids) == len(set(ids))

    rice = make.Project(title="Rice")
    page = look(client, [bamboo, rice], add_sectors=[energy.pk])
    make.ProjectSector(project=bamboo)
    done = confirm(client, page, add_sectors=[energy.pk])
    assert "Bamboo stays as it is. Somebody has changed it in the meantime" in messages_of(done)[1]
    assert list(Project.objects.filter(sectors=energy)) == [rice]


def test_a_goal_too_many_is_refused_beforehand(client, publisher, bamboo):
    for place in range(5):
        make.ProjectSDG(project=bamboo, sdg=make.SDG(number=place + 1), place=place)

    page = look(client, [bamboo], add_goals=[make.SDG(number=7).pk])

    assert not page.context["possible"]
    assert [one.reason for *_rest, one in page.context["refused"]] == [
        "A project has one primary goal and at most four others."
    ]


def test_what_an_editor_changes_of_a_public_record_waits(client, bamboo, energy):
    client.force_login(make.Officer(group=groups.EDITORS))
    public = make.Project(title="Rice", state="published")
    data = {"add_sectors": [energy.pk], "confirm": "on"}

    page = look(client, [bamboo, public], **data)
    for _twice in range(2):
        confirm(client, page, **data)

    assert list(Project.objects.filter(sectors=energy)) == [bamboo]
    version = ProposedVersion.objects.get()
    assert version.record == public
    assert [change["after"]["sector_id"] for change in version.changes] == [energy.pk]


def test_a_confirmation_that_lapses_is_said_beforehand(client, publisher, bamboo, energy):
    Project.objects.filter(pk=bamboo.pk).update(classification_confirmed_on=timezone.localdate())

    page = look(client, [bamboo], add_sectors=[energy.pk])
    assert [one.unconfirms for *_rest, one in page.context["possible"]] == [True]

    confirm(client, page, add_sectors=[energy.pk])
    bamboo.refresh_from_db()
    assert bamboo.classification_confirmed_on is None


def test_nonsense_and_who_may_not_change_nothing(client, publisher, bamboo, energy):
    for query in ("", "?pk=0&pk=x&pk=99999999999999999999", "?pk=1"):
        for data in ({}, {"area": "x"}, {"confirm": "on", "_confirmed": "1", "seen": ":"}):
            address = reverse("admin:projects_project_change_many") + query
            assert client.post(address, data).status_code in (200, 302), (query, data)
    assert not ImportBatch.objects.exists()

    client.force_login(make.Officer(group=groups.READ_ONLY))
    address = f"{reverse('admin:projects_project_change_many')}?pk={bamboo.pk}"
    assert client.post(address, {"add_sectors": [energy.pk]}).status_code == 403


def test_institutions_get_sectors_too(client, publisher, energy):
    institution = make.Institution()
    address = chosen(client, [institution], reverse("admin:members_institution_changelist"))

    confirm(client, client.post(address, {"add_sectors": [energy.pk]}), add_sectors=[energy.pk])

    assert list(institution.sectors.all()) == [energy]


def test_what_is_typed_after_a_change_was_shown_is_shown_before_it_is_done(
    client, publisher, energy
):
    project = make.Project()
    page = look(client, [project], add_sectors=[energy.pk])
    assert page.text.count('method="post"') == 2

    again = confirm(client, page, confirm="on", shown=page.context["sent"])

    assert not project.sectors.exists()
    assert again.context["sent"] == "confirm=on"
