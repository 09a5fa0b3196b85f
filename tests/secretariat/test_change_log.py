"""The log of all changes: who changed which record when; its lines open the histories."""

from datetime import timedelta

import pghistory
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from projects.models import Project
from secretariat.back_office import groups
from secretariat.back_office.change_log import record_kinds
from sscnet.changes.log import log_parts
from sscnet.core.database.triggers import tracked_models
from sscnet.core.models import Source
from tests import make

pytestmark = pytest.mark.django_db

LOG = "/admin/changes/"


def change(user, record, **values):
    with pghistory.context(user=user.pk):
        for name, value in values.items():
            setattr(record, name, value)
        record.save()


def lines(client, **query):
    """Give the record, its kind and what was done, line by line."""
    shown = client.get(LOG, query).context["lines"]
    return [(line.label, name, deed) for line, name, _address, deed in shown]


def test_a_line_says_who_changed_which_record_and_opens_its_history(client, officer):
    project = make.Project(title="Bamboo")
    change(officer, project, outcome="Forty wells")

    response = client.get(LOG, {"kind": "projects.project"})

    line, name, address, deed = response.context["lines"][0]
    assert (line.who, name, deed) == ("Wang Li", "Bamboo", "Changed: the record itself")
    assert line.at <= timezone.now()
    assert address == reverse("admin:projects_project_history", args=[project.pk])
    assert f'href="{address}"' in response.content.decode()
    assert "Forty wells" in client.get(address).content.decode()
    # What was written stands in the history alone.
    assert "Forty wells" not in response.content.decode()


def test_what_hangs_on_a_record_is_a_line_of_that_record(client, officer):
    institution = make.Institution(name="Institute of Tea")
    make.Service(institution=institution)
    make.Source(record=institution)

    # All within one go: the test's own.
    assert lines(client, kind="members.institution") == [
        ("Institution", "Institute of Tea", "Entered"),
    ]
    with pghistory.context(user=officer.pk):
        make.Source(record=institution)
        make.Service(institution=institution)
    assert lines(client, kind="members.institution", person=officer.pk) == [
        ("Institution", "Institute of Tea", "Changed: sources, services"),
    ]


def test_the_log_is_limited_by_person_kind_and_day(client, officer):
    other = make.User(name="Li Wei")
    project, meeting = make.Project(title="Bamboo"), make.Meeting(title="Annual meeting")
    change(officer, project, note="Mine")
    change(other, meeting, note="Of another")
    tomorrow = timezone.localdate() + timedelta(days=1)

    assert [name for _kind, name, _deed in lines(client, person=officer.pk)] == ["Bamboo"]
    assert [name for _kind, name, _deed in lines(client, person=other.pk)] == ["Annual meeting"]
    assert {kind for kind, *_rest in lines(client, kind="meetings.meeting")} == {"Meeting"}
    assert lines(client, since=tomorrow) == []
    assert lines(client, until=timezone.localdate() - timedelta(days=1)) == []
    assert lines(client, until=timezone.localdate(), person=other.pk) == [
        ("Meeting", "Annual meeting", "Changed: the record itself")
    ]
    page = client.get(LOG).content.decode()
    assert f'href="?person={other.pk}"' in page


def test_persons_are_kind_and_link_only_and_what_is_gone_has_no_link(client, officer):
    person = make.User(name="Wang Fang", email="fang@example.org")
    project = make.Project(title="Bamboo", state="draft")
    key = project.pk
    change(officer, person, name="Wang Fang-Li")
    with pghistory.context(user=officer.pk):
        project.delete()

    response = client.get(LOG, {"person": officer.pk})

    found = {line.label: (name, bool(a), deed) for line, name, a, deed in response.context["lines"]}
    assert found == {
        "User": (f"no. {person.pk}", True, "Changed: the record itself"),
        "Project": (f"no. {key}", False, "Deleted"),
    }
    assert "Wang Fang" not in response.content.decode()
    assert "fang@example.org" not in response.content.decode()


def test_each_sees_the_changes_of_what_he_or_she_may_look_at(client):
    make.Affiliation(institution__name="Institute of Tea", user__name="Wang Fang")
    make.Project()
    seen = {}
    for group in (groups.READER, groups.OFFICER, groups.DOOR):
        client.force_login(make.Officer(group=group))
        seen[group] = {kind for kind, *_rest in lines(client)}

    assert {"Institution", "Project"} <= seen[groups.READER]
    assert "User" not in seen[groups.READER]
    assert "User" in seen[groups.OFFICER]
    assert seen[groups.DOOR] == set()


def test_a_page_of_all_kinds_takes_at_most_12_queries(client, officer):
    records = [
        *(factory() for factory in (make.Call, make.DatedFigure, make.Meeting)),
        *(factory() for factory in (make.Page, make.PGTFArea, make.SDG, make.Sector)),
        *(make.ProjectSDG().project, make.Workshop().meeting, make.Criterion().call),
        *(make.Country(), make.Affiliation().institution),
    ]
    change(officer, records[0], note="Mine")
    for n, user in enumerate(make.User.create_batch(3)):
        change(user, records[-3], note=str(n))
    client.get(LOG)

    with CaptureQueriesContext(connection) as queries:
        response = client.get(LOG)

    assert len({line.kind for line, *_rest in response.context["lines"]}) >= 10
    assert len(queries) <= 12


def test_the_log_has_pages_that_keep_its_limits(client, officer):
    projects = make.Project.create_batch(51)
    for n, project in enumerate(projects):
        change(officer, project, note=str(n))

    first = client.get(LOG, {"person": officer.pk})
    second = client.get(LOG, {"person": officer.pk, "page": 2})

    assert [len(page.context["lines"]) for page in (first, second)] == [50, 1]
    assert f'href="?person={officer.pk}&amp;page=2"' in first.content.decode()
    assert f'href="?person={officer.pk}&amp;page=1"' in second.content.decode()
    assert second.context["older"] is None


def test_what_makes_no_sense_is_said_beside_the_field(client, officer):
    for query, message in (
        ({"person": "9" * 30}, "Select a valid choice."),
        ({"kind": "auth.group"}, "Select a valid choice."),
        ({"page": "9" * 30}, ""),
        ({"since": "01/02/2025"}, "Enter a valid date."),
        ({"since": "0001-01-01", "until": "9999-12-31"}, ""),
    ):
        response = client.get(LOG, query)
        assert response.status_code == 200, query
        assert message in response.content.decode(), query
        assert response.context["lines"], query


def test_every_change_that_is_kept_is_in_the_log_once():
    parts = [part.model for _kind, part in log_parts(record_kinds())]
    own = [model for model in parts if model is not Source]

    assert set(parts) == set(tracked_models())
    assert len(own) == len(set(own))
    kinds = {kind.__name__ for kind in record_kinds()}
    assert {"Project", "User", "Country"} <= kinds
    # They hang on an institution and a meeting.
    assert not {"Service", "ActionPoint"} & kinds


@pytest.mark.proof
def test_the_log_is_fast_at_100_000_events(client, officer):
    project = make.Project()
    change(officer, project, note="Mine")
    events = tracked_models()[Project]
    copy_events(events, 100_000)
    client.get(LOG)

    for query in ({}, {"person": officer.pk}, {"kind": "projects.project", "page": 1500}):
        begun = timezone.now()
        assert client.get(LOG, query).context["lines"]
        assert timezone.now() - begun < timedelta(seconds=1.5)


def copy_events(events, n):
    """Make as many events as there are after years: one project's, each of another moment."""
    columns = ", ".join(
        f'"{column.column}"' for column in events._meta.concrete_fields if column.column != "pgh_id"
    )
    moment = "pgh_created_at - n * interval '1 minute'"
    context = "gen_random_uuid()"
    values = columns.replace('"pgh_created_at"', moment).replace('"pgh_context_id"', context)
    table = events._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table},"
            f" generate_series(1, {n}) AS n WHERE pgh_label = 'update'"
        )
        cursor.execute(
            "INSERT INTO pghistory_context (id, created_at, updated_at, metadata)"
            " SELECT pgh_context_id, pgh_created_at, pgh_created_at,"
            f" jsonb_build_object('user', pgh_id % 50) FROM {table}"
            " WHERE pgh_context_id IS NOT NULL ON CONFLICT DO NOTHING"
        )
