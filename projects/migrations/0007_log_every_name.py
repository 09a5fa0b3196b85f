"""Note any change of a code list or an institution, for pages are kept that show more than names.

Whether an institution is public decides if its name is a link; another name of it, by which it is
found, counts as a change of the institution.
"""

from django.db import migrations

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


def note(table, key, key_type, differ, linked):
    return f"""
CREATE OR REPLACE FUNCTION {table}_note_changes() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [("projects", "0005_log_of_changes")]

    operations = [
        # Backwards they may stay: they note no less than before.
        migrations.RunSQL(note(table, *parts), migrations.RunSQL.noop)
        for table, parts in DEPENDED_ON.items()
    ]
