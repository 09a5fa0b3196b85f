from django.db import migrations, models

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
        migrations.RemoveConstraint(model_name="reading", name="reading_declared_first"),
        migrations.RemoveField(model_name="reading", name="declared_at"),
        migrations.RunSQL(
            "UPDATE calls_reading SET has_conflict = false WHERE has_conflict IS NULL",
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            model_name="reading",
            name="has_conflict",
            field=models.BooleanField(
                db_default=False, editable=False, verbose_name="conflict of interest"
            ),
        ),
        migrations.AddConstraint(
            model_name="reading",
            constraint=models.CheckConstraint(
                condition=models.Q(finished_at=None) | models.Q(has_conflict=False),
                name="reading_finished_without_conflict",
            ),
        ),
    ]
