"""What projects are found by, and triggers that note what of it changed."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.contrib.postgres.operations import CreateExtension
from django.db import migrations, models

# For each table that is searched: the kind of record it makes, and the column that says which.
# Links of projects are not among them: a change of one counts as one of its project
# (`records.triggers.touch`).
SOURCES = {
    "projects_project": ("project", "id"),
    "codelists_country": ("country", "iso2"),
    "codelists_sector": ("sector", "id"),
    "codelists_sdg": ("sdg", "number"),
    "codelists_pgtfarea": ("area", "id"),
    "members_institution": ("institution", "id"),
    "members_institutionname": ("institution", "institution_id"),
}
# Emptying a table at once touches no row.
EMPTIED = {table: kind for table, (kind, _key) in SOURCES.items()} | {
    f"projects_{link}": "project"
    for link in (
        "fundnumber",
        "projectcountry",
        "projectinstitution",
        "projectsdg",
        "projectsector",
    )
}

FUNCTIONS = """
CREATE FUNCTION projects_note_searched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'INSERT INTO projects_searchchange (kind, key, xid)
        SELECT DISTINCT %L, changed.%I::text, pg_current_xact_id()::text::bigint FROM changed
        ON CONFLICT DO NOTHING',
        TG_ARGV[0], TG_ARGV[1]
    );
    RETURN NULL;
END $$;

CREATE FUNCTION projects_note_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO projects_searchchange (kind, key, xid)
    SELECT kind, key, pg_current_xact_id()::text::bigint FROM (
        SELECT 'project' AS kind, project_id::text AS key FROM projects_searchentry
        UNION ALL SELECT kind, key FROM projects_searchname
    ) AS held
    WHERE kind = TG_ARGV[0]
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
"""


def note(name, event, rows, table, kind, key):
    return f"""
CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {rows} TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION projects_note_searched('{kind}', '{key}');
"""


def create(table, kind, key):
    return "".join(
        [
            note("search_inserted", "INSERT", "NEW", table, kind, key),
            note("search_updated", "UPDATE", "NEW", table, kind, key),
            note("search_was_updated", "UPDATE", "OLD", table, kind, key),
            note("search_deleted", "DELETE", "OLD", table, kind, key),
        ]
    )


FORWARD = "".join(
    [
        # The texts are kept beside the table: what a search reads of it stays narrow.
        "ALTER TABLE projects_searchentry SET (toast_tuple_target = 128);",
        FUNCTIONS,
        *(create(table, *source) for table, source in SOURCES.items()),
        *(
            f"CREATE TRIGGER search_emptied AFTER TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION projects_note_emptied('{kind}');\n"
            for table, kind in EMPTIED.items()
        ),
        # What is there already waits to be read; the newest are read first, so names come last.
        *(
            f"INSERT INTO projects_searchchange (kind, key, xid) SELECT '{kind}', {key}::text, 0 "  # noqa: S608
            f"FROM {table} ON CONFLICT DO NOTHING;\n"
            for table, (kind, key) in SOURCES.items()
        ),
    ]
)

BACKWARD = """
DROP FUNCTION projects_note_searched() CASCADE;
DROP FUNCTION projects_note_emptied() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("codelists", "0001_initial"),
        ("members", "0003_sample_records"),
        ("projects", "0005_log_of_changes"),
    ]

    operations = [
        # Tells how far apart two spellings are. Trusted: the owner of the database may create it.
        CreateExtension("fuzzystrmatch"),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                (
                    "word",
                    models.CharField(
                        db_collation="C", max_length=60, primary_key=True, serialize=False
                    ),
                ),
                ("lexeme", models.CharField(db_collation="C", max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name="SearchChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("key", models.CharField(max_length=20)),
                ("xid", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "key", "xid"), name="search_change_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "project",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="projects.project",
                    ),
                ),
                ("words", django.contrib.postgres.search.SearchVectorField()),
                ("titles", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["words"], name="search_words"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["titles"], name="search_titles"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("country", "Country"),
                            ("sector", "Sector"),
                            ("sdg", "Sdg"),
                            ("area", "Area"),
                            ("institution", "Institution"),
                        ],
                        max_length=20,
                    ),
                ),
                ("key", models.CharField(max_length=20)),
                ("lexeme", models.CharField(max_length=30, unique=True)),
                ("words", django.contrib.postgres.search.SearchVectorField()),
                ("pinyin", models.TextField(blank=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "key"), name="search_name_once")
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
