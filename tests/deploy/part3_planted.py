"""Who has taken over the pages has planted links, casts and functions: root passes them by."""

import pytest

from tests.deploy.portal import current, lay_source, query

DEPLOY = "/opt/sscnet/current/deploy"
STATE = "/var/lib/sscnet"
# Root's, below which nothing may change.
KEPT = "/root/kept"
# As the system's user of the pages, and as their role in the database.
AS_PAGES = "runuser -u sscnet -- "

REFUSED = [
    "CREATE FUNCTION public.format(text, name, name) RETURNS text LANGUAGE sql AS 'SELECT $1'",
    "CREATE CAST (django_session AS text) WITH INOUT",
    "ALTER TABLE projects_project DISABLE TRIGGER ALL",
    "DROP TRIGGER {trigger} ON projects_project",
    "TRUNCATE projects_projectevent",
    "DELETE FROM projects_projectevent",
    "SET ROLE sscnet_owner",
]
# What the pages could plant when they owned the tables; the owner still can.
PLANTED = """
CREATE FUNCTION public.planted(django_session) RETURNS text LANGUAGE plpgsql AS $$ BEGIN
    EXECUTE 'ALTER ROLE sscnet SUPERUSER';
    RETURN 'planted';
EXCEPTION WHEN insufficient_privilege THEN RETURN 'planted';
END $$;
CREATE CAST (django_session AS text) WITH FUNCTION public.planted(django_session);
CREATE FUNCTION public.format(text, text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN
    EXECUTE 'ALTER ROLE sscnet SUPERUSER';
    RETURN $1;
END $$;
INSERT INTO django_session VALUES ('planted', 'x', now() + interval '1 day');
"""
TAKEN_AWAY = """
DELETE FROM django_session WHERE session_key = 'planted';
DROP CAST (django_session AS text);
DROP FUNCTION public.planted(django_session), public.format(text, text);
"""


@pytest.fixture(scope="module")
def planted(machine):
    """Links and a cast where the pages can put them."""
    machine.run(f"install -d -m 700 {KEPT}; echo kept >{KEPT}/file; chmod 600 {KEPT}/file")
    machine.run(f"{AS_PAGES} mkdir -p {STATE}/media/own {STATE}/media/dir")
    machine.run(f"{AS_PAGES} touch {STATE}/media/own/file; {DEPLOY}/backup files")
    machine.run(f"{AS_PAGES} ln -s /etc/shadow {STATE}/media/own/shadow")
    machine.run(f"cd {STATE}/media; rmdir dir; {AS_PAGES} ln -s {KEPT} dir")
    machine.run("runuser -u sscnet_owner -- psql --quiet -v ON_ERROR_STOP=1 sscnet", stdin=PLANTED)
    yield
    machine.run("runuser -u sscnet_owner -- psql --quiet sscnet", stdin=TAKEN_AWAY)
    machine.run(f"rm -r {STATE}/media/own {STATE}/media/dir", check=False)


@pytest.fixture
def nothing_changes(machine, planted):
    before = looks(machine)
    yield
    assert looks(machine) == before
    assert query(machine, "SELECT rolsuper FROM pg_roles WHERE rolname = 'sscnet'") == "f"
    found = machine.run(f"find {STATE}/media ! -user sscnet -o ! -group sscnet").stdout
    assert found == ""


def looks(machine):
    """Return what root's files are like: owner, mode, contents."""
    files = f"{KEPT} {KEPT}/file /etc/shadow /etc/sscnet /etc/sscnet/portal.env"
    return machine.run(
        f"stat --format='%n %a %U:%G %s' {files}; sha256sum {KEPT}/* /etc/shadow"
    ).stdout


@pytest.mark.parametrize("sql", REFUSED)
def test_the_database_refuses_the_pages(machine, sql):
    named = """
        SELECT tgname FROM pg_trigger
        WHERE tgrelid = 'projects_project'::regclass AND tgname LIKE 'pgtrigger%' LIMIT 1
    """
    sql = sql.format(trigger=query(machine, named))
    done = machine.run(f"{AS_PAGES} psql -v ON_ERROR_STOP=1 sscnet", stdin=sql, check=False)
    assert done.returncode != 0
    assert "permission denied" in done.stderr or "must be owner" in done.stderr


@pytest.mark.parametrize("name", ["media", "erasures.jsonl", "backup.json", "drill.txt", "new"])
def test_no_name_in_the_folder_of_state_becomes_a_link(machine, name):
    done = machine.run(f"{AS_PAGES} ln -sfT /etc/shadow {STATE}/{name}", check=False)
    moved = machine.run(f"{AS_PAGES} mv {STATE}/{name} {STATE}/other", check=False)
    assert (done.returncode, moved.returncode) == (1, 1)


def test_the_pages_do_not_know_the_keys_of_the_second_place(machine):
    assert machine.run(f"{AS_PAGES} cat /etc/sscnet/root.env", check=False).returncode == 1
    machine.run("echo BACKUP_S3_KEY=key >>/etc/sscnet/portal.env")
    done = machine.run(f"{DEPLOY}/backup set-up", check=False)
    machine.run("sed -i /^BACKUP_S3_KEY/d /etc/sscnet/portal.env")
    assert (done.returncode, "move them to /etc/sscnet/root.env" in done.stderr) == (1, True)


def test_the_pages_get_no_further_by_a_drill(machine, nothing_changes):
    assert machine.run(f"{DEPLOY}/drill").stdout.splitlines()[-1] == "equal"


def test_the_pages_get_no_further_by_an_upgrade(machine, nothing_changes):
    lay_source(machine, "root/newer", **{"CHANGELOG.md": "Newer."})
    before = current(machine)
    machine.run("/root/newer/deploy/upgrade --force")
    assert current(machine) != before


def test_the_pages_get_no_further_by_a_restore(machine, nothing_changes):
    machine.run(f"{DEPLOY}/restore --yes")
    assert machine.run(f"readlink {STATE}/media/dir").stdout.strip() == KEPT


def test_a_folder_of_the_pages_is_no_place_for_a_restore(machine, nothing_changes):
    done = machine.run(f"{DEPLOY}/restore --into {STATE}/media/then", check=False)
    assert (done.returncode, "could be led elsewhere" in done.stderr) == (1, True)


def test_installing_again_follows_no_link(machine, nothing_changes):
    """Where the folder of state was once the pages' own."""
    machine.run(f"chown sscnet: {STATE}; cd {STATE}; {AS_PAGES} mv media away")
    machine.run(f"cd {STATE}; {AS_PAGES} ln -s {KEPT} media")
    done = machine.run("/root/sscnet/deploy/install", check=False)
    machine.run(f"rm {STATE}/media; mv {STATE}/away {STATE}/media")
    assert (done.returncode, f"{STATE}/media is a link" in done.stderr) == (1, True)
    assert machine.run(f"stat --format=%U {STATE}").stdout == "root\n"
