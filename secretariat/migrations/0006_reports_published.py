import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# One trigger names the column, the other refuses the update; `migrate` makes both anew at its end.
# What was frozen and not released becomes a draft: nobody has decided that the public may read it.
DRAFTS_AGAIN = """
    DROP TRIGGER IF EXISTS pgtrigger_update_update_abc12 ON secretariat_yearlyreport;
    DROP TRIGGER IF EXISTS pgtrigger_frozen_for_ever_458d3 ON secretariat_yearlyreport;
    UPDATE secretariat_yearlyreport SET frozen_at = NULL, frozen_by_id = NULL, contents = NULL
    WHERE released_at IS NULL;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('secretariat', '0005_section_activities'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(DRAFTS_AGAIN),
        migrations.AlterModelOptions(
            'yearlyreport',
            {'ordering': ['-year', '-version'], 'permissions': [('release_yearlyreport', 'Can publish yearly reports')], 'verbose_name': 'yearly report', 'verbose_name_plural': 'yearly reports'},
        ),
        migrations.RemoveConstraint('yearlyreport', 'yearly_report_released_when_frozen'),
        migrations.RemoveField('yearlyreport', 'released_at'),
        migrations.RemoveField('yearlyreportevent', 'released_at'),
        *(
            migrations.AlterField(
                name, 'frozen_at', models.DateTimeField(editable=False, null=True, verbose_name='published')
            )
            for name in ('yearlyreport', 'yearlyreportevent')
        ),
        migrations.AlterField(
            'yearlyreport',
            'frozen_by',
            models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='published by'),
        ),
        migrations.AlterField(
            'yearlyreportevent',
            'frozen_by',
            models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='published by'),
        ),
    ]
