"""Note changes of sources in the log too: a project's page shows them, and they are no part of it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("secretariat", "0005_log_of_pages"), ("records", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER note_pages AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE"
            " ON records_source FOR EACH STATEMENT EXECUTE FUNCTION secretariat_note_pages()",
            "DROP TRIGGER note_pages ON records_source",
        )
    ]
