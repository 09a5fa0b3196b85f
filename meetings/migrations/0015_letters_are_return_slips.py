"""A nomination letter is a return slip: both are the delegation on paper, signed and sealed."""

from django.db import migrations, models

from sscnet.core.database.triggers import drop_triggers

# A meeting that is over asks for nothing any more: nobody is reminded of it.
MOVE = """
    INSERT INTO meetings_returnslip (delegation_id, file, uploaded_by_id)
    SELECT id, nomination_letter, saved_by_id FROM meetings_delegation
    WHERE nomination_letter <> '';
    UPDATE meetings_meeting
    SET slip_due_on = coalesce(registration_closes_at::date, starts_on)
    WHERE asks_for_letter AND slip_due_on IS NULL AND ends_on >= current_date;
    SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('meetings', '0014_visits_without_statements'),
    ]

    operations = [
        migrations.RunSQL(MOVE, migrations.RunSQL.noop),
        drop_triggers('meetings_meeting', 'meetings_delegation'),
        migrations.AlterField(
            model_name='erasure',
            name='letters',
            field=models.PositiveIntegerField(verbose_name='return slips'),
        ),
        migrations.RemoveField(
            model_name='delegation',
            name='nomination_letter',
        ),
        # A mail's key says that it was written.
        migrations.RemoveField(
            model_name='delegation',
            name='slip_reminded_at',
        ),
        migrations.RemoveField(
            model_name='delegation',
            name='travel_reminded_at',
        ),
        migrations.RemoveField(
            model_name='meeting',
            name='asks_for_letter',
        ),
        migrations.RemoveField(
            model_name='meetingevent',
            name='asks_for_letter',
        ),
    ]
