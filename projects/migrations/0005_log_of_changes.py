"""A log of changed projects, written by triggers whatever way a record changes."""

import django.db.models.functions.datetime
from django.db import migrations, models

import projects.models.changes

# Stands in the log instead of an id; see models/changes.py.
NAMES, EVERYTHING = 0, -1
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

# What projects are filtered by, but does not belong to them. For each table: its key, the columns
# of which a change moves projects between values, those that only change words, and the linked
# projects.
DEPENDED_ON = {
    "codelists_country": (
        "iso2",
        ["region", "subregion"],
        ["name", "i18n"],
        "SELECT project_id FROM projects_projectcountry WHERE country_id = ANY (moved)",
    ),
    "codelists_sector": (
        "id",
        ["slug"],
        ["name", "i18n"],
        "SELECT project_id FROM projects_projectsector WHERE sector_id = ANY (moved)",
    ),
    "codelists_sdg": (
        "number",
        [],
        ["name", "i18n"],
        "SELECT project_id FROM projects_projectsdg WHERE sdg_id = ANY (moved)",
    ),
    "codelists_pgtfarea": (
        "id",
        ["slug"],
        ["name", "i18n"],
        "SELECT id FROM projects_project WHERE area_id = ANY (moved)",
    ),
    "members_institution": (
        "id",
        ["slug", "province"],
        ["name", "i18n -> 'name_zh_hans'"],
        "SELECT project_id FROM projects_projectinstitution WHERE institution_id = ANY (moved)",
    ),
}
KEY_TYPES = {"codelists_country": "text", "codelists_sdg": "integer"}


def differ(columns):
    """Compare the columns of a row before and after."""
    pairs = [f"(o.{column}) IS DISTINCT FROM (n.{column})" for column in columns]
    return " OR ".join(pairs) or "false"


def create(table, key, codes, words, linked):
    key_type = KEY_TYPES.get(table, "bigint")
    return f"""
CREATE FUNCTION {table}_note_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moved {key_type}[];
BEGIN
    moved := ARRAY(
        SELECT n.{key} FROM before o JOIN after n USING ({key}) WHERE {differ(codes)}
    );
    IF cardinality(moved) > 0 THEN
        PERFORM projects_note_changes(ARRAY({linked}));
    END IF;
    IF EXISTS (
        SELECT FROM before o JOIN after n USING ({key}) WHERE {differ(codes + words)}
    ) THEN
        PERFORM projects_note_changes(ARRAY[{NAMES}]);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER note_updated AFTER UPDATE ON {table}
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_note_changes();
CREATE TRIGGER note_names AFTER INSERT OR DELETE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION projects_note_names();
"""  # noqa: S608


FORWARD = "".join(
    [
        NOTE,
        *(
            f"CREATE TRIGGER note_emptied AFTER TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION projects_note_everything();\n"
            for table in EMPTIED
        ),
        *(create(table, *parts) for table, parts in DEPENDED_ON.items()),
    ]
)

BACKWARD = "".join(
    [
        *(f"DROP FUNCTION {table}_note_changes() CASCADE;\n" for table in DEPENDED_ON),
        "DROP FUNCTION projects_note_names() CASCADE;\n",
        "DROP FUNCTION projects_note_everything() CASCADE;\n",
        "DROP FUNCTION projects_note_changed() CASCADE;\n",
        "DROP FUNCTION projects_note_changes(bigint[]);\n",
    ]
)


class Migration(migrations.Migration):
    dependencies = [
        ("codelists", "0001_initial"),
        ("members", "0003_sample_records"),
        ("projects", "0004_sample_records"),
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
                (
                    "at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={"indexes": [models.Index(fields=["xid"], name="change_xid")]},
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
