from django.db import migrations

# `migrate` makes the triggers anew at its end; one names the column that goes.
DROP_TRIGGERS = """
DO $$
DECLARE one record;
BEGIN
    FOR one IN
        SELECT tgname, tgrelid::regclass AS kept_on FROM pg_trigger
        WHERE tgname LIKE 'pgtrigger_%' AND tgrelid = 'members_institution'::regclass
    LOOP
        EXECUTE format('DROP TRIGGER %I ON %s', one.tgname, one.kept_on);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0003_fewer_ways'),
    ]

    operations = [
        migrations.RunSQL(DROP_TRIGGERS, migrations.RunSQL.noop),
        migrations.RemoveField(
            model_name='institution',
            name='working_languages',
        ),
        migrations.RemoveField(
            model_name='institutionevent',
            name='working_languages',
        ),
    ]
