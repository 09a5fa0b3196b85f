from django.db import migrations

# `migrate` makes the triggers anew at its end; this one names columns that go.
DROP_TRIGGERS = """
DO $$
DECLARE one record;
BEGIN
    FOR one IN
        SELECT tgname, tgrelid::regclass AS kept_on FROM pg_trigger
        WHERE tgname LIKE 'pgtrigger_%' AND tgrelid::regclass::text IN (
            'calls_proposal', 'calls_reading'
        )
    LOOP
        EXECUTE format('DROP TRIGGER %I ON %s', one.tgname, one.kept_on);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("calls", "0003_sealed_files"),
    ]

    operations = [
        migrations.RunSQL(DROP_TRIGGERS, migrations.RunSQL.noop),
        migrations.RemoveConstraint(
            model_name="proposal", name="proposal_women_within_beneficiaries"
        ),
        migrations.RemoveField(model_name="proposal", name="modality"),
        migrations.RemoveField(model_name="proposal", name="sectors"),
        migrations.RemoveField(model_name="proposal", name="women_beneficiaries_number"),
    ]
