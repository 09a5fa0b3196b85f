"""The first log of changes, of projects by their ids, until its readers have moved to `records`."""

import django.db.models.functions.datetime
from django.db import migrations, models

import projects.models.changes

# Stands in the log instead of an id; see models/changes.py.
NAMES, EVERYTHING, PAGES = 0, -1, -2
# More at once, and whoever reads the log does better to start anew.
MANY = 2000

NOTE = f"""
CREATE FUNCTION projects_note_changes(ids bigint[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO projects_change (project_id)
    SELECT DISTINCT unnest(
        CASE WHEN cardinality(ids) > {MANY} THEN ARRAY[{EVERYTHING}] ELSE ids END
    )
$$;

CREATE FUNCTION projects_note_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM projects_note_changes(ARRAY(SELECT id FROM changed));
    RETURN NULL;
END $$;

CREATE FUNCTION projects_note_everything() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM projects_note_changes(ARRAY[{EVERYTHING}]);
    RETURN NULL;
END $$;

CREATE FUNCTION projects_note_names() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM projects_note_changes(ARRAY[{NAMES}]);
    RETURN NULL;
END $$;

CREATE TRIGGER note_inserted AFTER INSERT ON projects_project
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION projects_note_changed();
CREATE TRIGGER note_updated AFTER UPDATE ON projects_project
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION projects_note_changed();
CREATE TRIGGER note_deleted AFTER DELETE ON projects_project
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION projects_note_changed();
"""  # noqa: S608

EMPTIED = [
    "projects_project",
    "projects_projectcountry",
    "projects_projectinstitution",
    "projects_projectsdg",
    "projects_projectsector",
]

# The table's key and its type, the columns of which a change moves projects between the values of
# a filter, the linked projects.
DEPENDED_ON = {
    "codelists_country": (
        "iso2",
        "text",
        "(o.region, o.subregion) IS DISTINCT FROM (n.region, n.subregion)",
        "SELECT project_id FROM projects_projectcountry WHERE country_id = ANY (moved)",
    ),
    "codelists_sector": (
        "id",
        "bigint",
        "o.slug <> n.slug",
        "SELECT project_id FROM projects_projectsector WHERE sector_id = ANY (moved)",
    ),
    "codelists_sdg": (
        "number",
        "integer",
        "false",
        "SELECT project_id FROM projects_projectsdg WHERE sdg_id = ANY (moved)",
    ),
    "codelists_pgtfarea": (
        "id",
        "bigint",
        "o.slug <> n.slug",
        "SELECT id FROM projects_project WHERE area_id = ANY (moved)",
    ),
    "members_institution": (
        "id",
        "bigint",
        "(o.slug, o.province) IS DISTINCT FROM (n.slug, n.province)",
        "SELECT project_id FROM projects_projectinstitution WHERE institution_id = ANY (moved)",
    ),
}


def create(table, key, key_type, differ, linked):
    return f"""
CREATE FUNCTION {table}_note_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moved {key_type}[] := ARRAY(
        SELECT n.{key} FROM before o JOIN after n USING ({key}) WHERE {differ}
    );
BEGIN
    IF cardinality(moved) > 0 THEN
        PERFORM projects_note_changes(ARRAY({linked}));
    END IF;
    PERFORM projects_note_changes(ARRAY[0]);
    RETURN NULL;
END $$;
CREATE TRIGGER note_updated AFTER UPDATE ON {table}
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_note_changes();
CREATE TRIGGER note_names AFTER INSERT OR DELETE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION projects_note_names();
"""  # noqa: S608


# Meetings, pages, figures and sources: something that pages show beside the projects.
BESIDE = f"""
CREATE FUNCTION meetings_note_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM projects_note_changes(ARRAY[{PAGES}]);
    RETURN NULL;
END $$;
CREATE TRIGGER note_updated AFTER UPDATE ON meetings_meeting
    FOR EACH ROW WHEN (OLD.updated_at IS DISTINCT FROM NEW.updated_at)
    EXECUTE FUNCTION meetings_note_changes();

CREATE FUNCTION secretariat_note_pages() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM projects_note_changes(ARRAY[{PAGES}]);
    RETURN NULL;
END $$;
""" + "".join(
    f"CREATE TRIGGER note_pages AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION secretariat_note_pages();\n"
    for table in ("secretariat_page", "secretariat_datedfigure", "records_source")
)

FORWARD = "".join(
    [
        NOTE,
        *(
            f"CREATE TRIGGER note_emptied AFTER TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION projects_note_everything();\n"
            for table in EMPTIED
        ),
        *(create(table, *parts) for table, parts in DEPENDED_ON.items()),
        BESIDE,
    ]
)

BACKWARD = "".join(
    [
        "DROP FUNCTION secretariat_note_pages() CASCADE;\n",
        "DROP FUNCTION meetings_note_changes() CASCADE;\n",
        *(f"DROP FUNCTION {table}_note_changes() CASCADE;\n" for table in DEPENDED_ON),
        "DROP FUNCTION projects_note_names() CASCADE;\n",
        "DROP FUNCTION projects_note_everything() CASCADE;\n",
        "DROP FUNCTION projects_note_changed() CASCADE;\n",
        "DROP FUNCTION projects_note_changes(bigint[]);\n",
    ]
)


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0001_initial"),
        ("codelists", "0001_initial"),
        ("members", "0001_initial"),
        ("projects", "0001_initial"),
        ("meetings", "0001_initial"),
        ("secretariat", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("project_id", models.BigIntegerField()),
                (
                    "xid",
                    projects.models.changes.TransactionId(
                        db_default=projects.models.changes.CurrentTransaction()
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "indexes": [models.Index(fields=["xid"], name="change_xid")],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
