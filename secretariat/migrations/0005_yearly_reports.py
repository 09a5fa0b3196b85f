# Yearly reports with their sections: words around figures, kept as they are once frozen.

import django.db.models.deletion
import modeltrans.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
        ('secretariat', '0004_alerts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ReportSection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('section', models.CharField(choices=[('projects', 'Projects'), ('money', 'Money'), ('people', 'People'), ('meetings', 'Meetings'), ('year', 'By year of approval'), ('region', 'By region'), ('country', 'By country'), ('area', 'By PGTF area'), ('sector', 'By sector'), ('sdg', 'By goal (SDG)'), ('institution', 'By institution'), ('statements', 'As stated by others')], max_length=20, verbose_name='section')),
                ('words', models.TextField(blank=True, help_text='An empty line begins a new paragraph.', verbose_name='words')),
                ('i18n', modeltrans.fields.TranslationField(fields=['words'], required_languages=(), virtual_fields=True)),
            ],
            options={
                'verbose_name': 'section of the report',
                'verbose_name_plural': 'sections of the report',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='YearlyReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('since', models.PositiveSmallIntegerField(blank=True, help_text='Empty: of the report’s year alone.', null=True, verbose_name='figures from this year on')),
                ('version', models.PositiveSmallIntegerField(default=1, editable=False, verbose_name='version')),
                ('introduction', models.TextField(blank=True, help_text='An empty line begins a new paragraph.', verbose_name='introduction')),
                ('frozen_at', models.DateTimeField(editable=False, null=True, verbose_name='frozen')),
                ('released_at', models.DateTimeField(editable=False, null=True, verbose_name='released')),
                ('contents', models.JSONField(editable=False, null=True)),
                ('i18n', modeltrans.fields.TranslationField(fields=['introduction'], required_languages=(), virtual_fields=True)),
                ('frozen_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='frozen by')),
            ],
            options={
                'verbose_name': 'yearly report',
                'verbose_name_plural': 'yearly reports',
                'ordering': ['-year', '-version'],
                'permissions': [('release_yearlyreport', 'Can release yearly reports')],
            },
        ),
        migrations.CreateModel(
            name='ReportSectionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('section', models.CharField(choices=[('projects', 'Projects'), ('money', 'Money'), ('people', 'People'), ('meetings', 'Meetings'), ('year', 'By year of approval'), ('region', 'By region'), ('country', 'By country'), ('area', 'By PGTF area'), ('sector', 'By sector'), ('sdg', 'By goal (SDG)'), ('institution', 'By institution'), ('statements', 'As stated by others')], max_length=20, verbose_name='section')),
                ('words', models.TextField(blank=True, help_text='An empty line begins a new paragraph.', verbose_name='words')),
                ('i18n', modeltrans.fields.TranslationField(fields=['words'], required_languages=(), virtual_fields=True)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='secretariat.reportsection')),
                ('report', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='secretariat.yearlyreport')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='reportsection',
            name='report',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sections', to='secretariat.yearlyreport'),
        ),
        migrations.CreateModel(
            name='YearlyReportEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('since', models.PositiveSmallIntegerField(blank=True, help_text='Empty: of the report’s year alone.', null=True, verbose_name='figures from this year on')),
                ('version', models.PositiveSmallIntegerField(default=1, editable=False, verbose_name='version')),
                ('introduction', models.TextField(blank=True, help_text='An empty line begins a new paragraph.', verbose_name='introduction')),
                ('frozen_at', models.DateTimeField(editable=False, null=True, verbose_name='frozen')),
                ('released_at', models.DateTimeField(editable=False, null=True, verbose_name='released')),
                ('i18n', modeltrans.fields.TranslationField(fields=['introduction'], required_languages=(), virtual_fields=True)),
                ('frozen_by', models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='frozen by')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='secretariat.yearlyreport')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='yearlyreport',
            constraint=models.UniqueConstraint(fields=('year', 'version'), name='yearly_report_version_once', violation_error_message='There is a report on this year: make a new version.'),
        ),
        migrations.AddConstraint(
            model_name='yearlyreport',
            constraint=models.CheckConstraint(condition=models.Q(('year__range', (1983, 2100))), name='yearly_report_year_range', violation_error_message='Write a year from 1983 on.'),
        ),
        migrations.AddConstraint(
            model_name='yearlyreport',
            constraint=models.CheckConstraint(condition=models.Q(('since', None), models.Q(('since__gte', 1983), ('since__lte', models.F('year'))), _connector='OR'), name='yearly_report_since_before_year', violation_error_message='The first year is from 1983 on, not after the last.'),
        ),
        migrations.AddConstraint(
            model_name='yearlyreport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('contents__isnull', True), ('frozen_at', None)), models.Q(('contents__isnull', False), ('frozen_at__isnull', False)), _connector='OR'), name='yearly_report_frozen_with_contents'),
        ),
        migrations.AddConstraint(
            model_name='yearlyreport',
            constraint=models.CheckConstraint(condition=models.Q(('released_at', None), ('frozen_at__isnull', False), _connector='OR'), name='yearly_report_released_when_frozen'),
        ),
        migrations.AddConstraint(
            model_name='reportsection',
            constraint=models.UniqueConstraint(fields=('report', 'section'), name='report_section_once', violation_error_message='The report has this section already.'),
        ),
    ]
