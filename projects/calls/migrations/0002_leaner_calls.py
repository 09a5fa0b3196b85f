import modeltrans.fields
from django.db import migrations

# They name the columns; `migrate` makes them anew at its end.
DROP_TRIGGERS = """
    DROP TRIGGER IF EXISTS pgtrigger_update_update_56a02 ON calls_call;
    DROP TRIGGER IF EXISTS pgtrigger_stamp_updated_at_84620 ON calls_call;
    DROP TRIGGER IF EXISTS pgtrigger_kept_after_sending_b6a9c ON calls_proposal;
"""


def forget_kinds(apps, schema_editor):
    """Remove what groups and users may do with records that are gone."""
    kinds = apps.get_model('contenttypes', 'ContentType').objects
    kinds.filter(app_label='calls', model__in=['latepass', 'proposalsdg']).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('calls', '0001_initial'),
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [
        migrations.RunSQL(DROP_TRIGGERS),
        migrations.RemoveField('call', 'archived_at'),
        migrations.RemoveField('callevent', 'archived_at'),
        migrations.RemoveField('proposal', 'gender_evidence'),
        migrations.RemoveField('proposal', 'gender_marker'),
        migrations.AlterField(
            'proposal',
            'i18n',
            modeltrans.fields.TranslationField(fields=['title', 'beneficiaries', 'situation', 'strategy', 'intended_outcome', 'outcome_indicator'], required_languages=(), virtual_fields=True),
        ),
        migrations.DeleteModel('LatePass'),
        migrations.DeleteModel('ProposalSDG'),
        migrations.RunPython(forget_kinds, migrations.RunPython.noop),
    ]
