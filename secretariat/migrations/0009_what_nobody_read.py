"""The language of a question and of an answer is that of its words."""

from django.db import migrations

# `migrate` makes the triggers anew at its end; some name the columns that go.
DROP_TRIGGERS = """
DO $$
DECLARE one record;
BEGIN
    FOR one IN
        SELECT tgname, tgrelid::regclass AS kept_on FROM pg_trigger
        WHERE tgname LIKE 'pgtrigger_%' AND tgrelid IN (
            'secretariat_enquiry'::regclass, 'secretariat_enquirystep'::regclass,
            'secretariat_response'::regclass
        )
    LOOP
        EXECUTE format('DROP TRIGGER %I ON %s', one.tgname, one.kept_on);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('secretariat', '0008_needs'),
    ]

    operations = [
        migrations.RunSQL(DROP_TRIGGERS, migrations.RunSQL.noop),
        migrations.RemoveField(
            model_name='enquiry',
            name='language',
        ),
        migrations.RemoveField(
            model_name='enquirystep',
            name='language',
        ),
        migrations.RemoveField(
            model_name='response',
            name='reminded_at',
        ),
    ]
