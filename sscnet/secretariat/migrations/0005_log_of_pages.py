"""Note changes of what every page shows in the log that tells whether a page changed."""

from django.db import migrations

TABLES = ["secretariat_page", "secretariat_datedfigure"]
# See projects/models/changes.py.
PAGES = -2

FUNCTION = f"""
CREATE FUNCTION secretariat_note_pages() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM projects_note_changes(ARRAY[{PAGES}]);
    RETURN NULL;
END $$;
"""
TRIGGERS = "".join(
    f"CREATE TRIGGER note_pages AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION secretariat_note_pages();"
    for table in TABLES
)


class Migration(migrations.Migration):
    dependencies = [("secretariat", "0004_sample_records"), ("projects", "0005_log_of_changes")]

    operations = [
        migrations.RunSQL(FUNCTION + TRIGGERS, "DROP FUNCTION secretariat_note_pages() CASCADE")
    ]
