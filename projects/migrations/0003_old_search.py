"""The words of projects with a log of their own, until the search has moved to that of `records`."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
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


# Look words up in the index and nowhere else.
# The planner knows how many rows a table has, but not how long their texts are: among a thousand
# projects it reads all texts, which takes ten times as long as the index.
LOOK_UP = """
CREATE FUNCTION projects_found(plain tsquery[], phrases tsquery[]) RETURNS bigint[]
LANGUAGE sql STABLE SET enable_seqscan = off AS $$
    SELECT ARRAY(
        SELECT project_id FROM projects_searchentry WHERE words @@ ANY (plain)
        UNION ALL
        SELECT project_id FROM projects_searchentry
        WHERE words @@ ANY (phrases) AND NOT words @@ ANY (plain)
    )
$$;

CREATE FUNCTION projects_found_in_titles(questions tsquery[]) RETURNS bigint[]
LANGUAGE sql STABLE SET enable_seqscan = off AS $$
    SELECT ARRAY(SELECT project_id FROM projects_searchentry WHERE titles @@ ANY (questions))
$$;

CREATE FUNCTION projects_finds_any(question tsquery) RETURNS boolean
LANGUAGE sql STABLE SET enable_seqscan = off AS $$
    SELECT EXISTS (SELECT FROM projects_searchentry WHERE words @@ question)
$$;
"""

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
        LOOK_UP,
    ]
)

BACKWARD = """
DROP FUNCTION projects_finds_any(tsquery);
DROP FUNCTION projects_found_in_titles(tsquery[]);
DROP FUNCTION projects_found(tsquery[], tsquery[]);
DROP FUNCTION projects_note_searched() CASCADE;
DROP FUNCTION projects_note_emptied() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("codelists", "0001_initial"),
        ("members", "0001_initial"),
        ("projects", "0002_old_change_log"),
    ]

    operations = [
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
