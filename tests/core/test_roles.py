"""What the database refuses to the role of the pages, and what that role can still do."""

from datetime import timedelta

import pghistory
import pgtrigger
import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.models import F
from django.test import RequestFactory
from pghistory.models import Context

from meetings.models import Meeting, PlaceEvent
from members.models import User
from projects.models import Project
from sscnet.core import roles
from sscnet.core.database.triggers import tracked_models
from sscnet.core.models import RetentionRun
from sscnet.web.health import ready
from tests import make

pytestmark = pytest.mark.django_db

EVENTS = tracked_models()
MONTH = timedelta(days=roles.SETTLED_DAYS)


def run(sql, params=None):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else cursor.rowcount


REFUSED = [
    "CREATE FUNCTION format(text, name, name) RETURNS text LANGUAGE sql AS 'SELECT $1'",
    "CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE CAST (django_session AS text) WITH INOUT",
    "CREATE TABLE t (id int)",
    "CREATE TEMP TABLE t (id int)",
    "CREATE SCHEMA s",
    "CREATE TRIGGER t AFTER INSERT ON django_session EXECUTE FUNCTION _pgtrigger_nothing()",
    "ALTER TABLE projects_project DISABLE TRIGGER ALL",
    "ALTER TABLE projects_project ADD COLUMN c int",
    "ALTER FUNCTION _pgtrigger_should_ignore RENAME TO f",
    "DROP TRIGGER {trigger} ON projects_project",
    "DROP TABLE projects_project",
    "TRUNCATE projects_project",
    "TRUNCATE projects_projectevent",
    "DELETE FROM projects_projectevent",
    "UPDATE projects_projectevent SET pgh_label = 'other'",
    "DELETE FROM pghistory_context",
    "UPDATE pghistory_context SET metadata = '{{}}'",
    "INSERT INTO pghistory_context VALUES (gen_random_uuid(), now(), now(), '{{}}')",
    "DELETE FROM meetings_placeevent",
    "UPDATE meetings_placeevent SET reason = ''",
    "DELETE FROM core_retentionrun",
    "DELETE FROM django_migrations",
    "SET session_replication_role = replica",
    "SELECT pg_read_file('/etc/passwd')",
    "CREATE ROLE other SUPERUSER",
    "COPY django_session TO '/tmp/rows'",
]


def test_the_pages_make_change_and_empty_nothing(as_web_role):
    trigger = Project._meta.triggers[0].get_pgid(Project)
    for sql in REFUSED:
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
            run(sql.format(trigger=trigger))


def test_every_history_and_log_is_only_added_to(web_role):
    """Whatever the next model with a history is called."""
    kept = {RetentionRun, PlaceEvent, *EVENTS.values()}
    sql = "SELECT has_table_privilege(%s, %s, 'UPDATE, DELETE, TRUNCATE')"
    held = {model: run(sql, [web_role, model._meta.db_table])[0][0] for model in kept}
    assert [model for model, may in held.items() if may] == []
    assert len(held) > 30


def test_nobody_else_may_anything(web_role):
    sql = """
        SELECT has_schema_privilege('public', 'public', 'CREATE, USAGE'),
            has_database_privilege('public', current_database(), 'CONNECT, TEMPORARY'),
            has_function_privilege('public', 'forget_history(text, bigint[])', 'EXECUTE')
    """
    assert run(sql) == [(False, False, False)]


# ------------------------------------------------------------------ the history is not skipped


def test_the_pages_cannot_tell_the_triggers_to_be_silent(as_web_role):
    project = make.Project(title="Before")
    with pgtrigger.ignore():
        Project.objects.filter(pk=project.pk).update(title="After")
    names = [f"{{{t.get_pgid(Project)}}}" for t in Project._meta.triggers]
    run("SELECT set_config('pgtrigger.ignore', %s, true)", ["{" + ",".join(names) + "}"])
    Project.objects.filter(pk=project.pk).update(title="Later")
    titles = EVENTS[Project].objects.filter(pgh_obj_id=project.pk).order_by("pgh_id")
    assert list(titles.values_list("title", flat=True)) == ["Before", "After", "Later"]


def test_the_owner_can():
    """`make_sample` writes no history."""
    project = make.Project(title="Before")
    with pgtrigger.ignore():
        Project.objects.filter(pk=project.pk).update(title="After")
    assert EVENTS[Project].objects.filter(pgh_obj_id=project.pk).count() == 1


def test_a_trigger_that_is_installed_anew_brings_no_other_function(web_role):
    trigger = Project._meta.triggers[0]
    run(f"DROP TRIGGER {trigger.get_pgid(Project)} ON projects_project")
    roles.install_triggers("default")
    assert ready(RequestFactory().get("/readyz")).status_code == 200
    run(f"SET LOCAL ROLE {web_role}")
    run("SELECT set_config('pgtrigger.ignore', '{any}', true)")
    assert run("SELECT _pgtrigger_should_ignore('any')") == [(False,)]


def test_who_did_it_is_added_to_and_never_replaced(as_web_role):
    project = make.Project()
    with pghistory.context(user=None, url="/a/") as context:
        Project.objects.filter(pk=project.pk).update(title="One")
        pghistory.context(user=7, import_file="a.csv")
        Project.objects.filter(pk=project.pk).update(title="Two")
        pghistory.context(user=8)
        Project.objects.filter(pk=project.pk).update(title="Three")
    noted = Context.objects.get(pk=context.id).metadata
    assert noted == {"user": 7, "url": "/a/", "import_file": "a.csv"}
    assert EVENTS[Project].objects.filter(pgh_context_id=context.id).count() == 3


# ------------------------------------------------------------------ what erasing needs


def forget(model, *numbers):
    with transaction.atomic():
        return roles.forget_history(model, list(numbers))


def age(user, by):
    """Let the history of an account be older; the owner alone can."""
    EVENTS[User].objects.filter(pgh_obj_id=user.pk).update(pgh_created_at=F("pgh_created_at") - by)


def test_history_goes_with_its_row_once_it_has_settled(web_role):
    user = make.User()
    number = user.pk
    age(user, by=MONTH + timedelta(days=1))
    run(f"SET LOCAL ROLE {web_role}")
    with pytest.raises(ProgrammingError, match="of what is there"):
        forget(User, number)
    User.objects.filter(pk=number).delete()
    assert forget(User, number) == 2
    assert not EVENTS[User].objects.filter(pgh_obj_id=number).exists()


def test_fresh_traces_are_not_given_up(web_role):
    user = make.User()
    number = user.pk
    age(user, by=MONTH - timedelta(days=1))
    run(f"SET LOCAL ROLE {web_role}")
    assert not roles.settled(User.objects.filter(pk=number)).exists()
    User.objects.filter(pk=number).delete()
    with pytest.raises(ProgrammingError, match="changed lately"):
        forget(User, number)


def test_no_other_history_is_given_up(as_web_role):
    for table in (Project._meta.db_table, "pg_catalog.pg_class", None):
        with pytest.raises(ProgrammingError, match="never given up"):
            run("SELECT forget_history(%s, ARRAY[1])", [table])


def test_functions_of_the_owner_look_up_names_in_the_catalogue_alone():
    """Whoever has a function called with the owner's rights makes no name mean something else.

    Its head sets nothing besides: an owner who is no superuser may not, and could not install.
    """
    sql = """
        SELECT proname, proconfig FROM pg_proc
        WHERE prosecdef AND pronamespace = 'public'::regnamespace ORDER BY 1
    """
    functions = ["_pgh_attach_context", "forget_history", "forget_sender", "forget_submissions"]
    assert run(sql) == [(name, ["search_path=pg_catalog, pg_temp"]) for name in functions]


# ------------------------------------------------------------------ what the pages do


def test_a_portal_with_a_role_of_its_own_is_ready(as_web_role, client):
    assert client.get("/readyz").status_code == 200
    assert client.get("/").status_code == 200


def test_places_are_noted_and_the_sample_stays(as_web_role):
    delegate = make.Delegate()
    assert Meeting.objects.filter(pk=delegate.delegation.meeting_id).exists()
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        PlaceEvent.objects.all().delete()
