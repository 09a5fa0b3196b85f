import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import modeltrans.fields
from django.conf import settings
from django.db import migrations, models

import secretariat.enquiries.models
import sscnet.core.models.fields

# The cache lives in the database (sscnet/core/database/cache.py); its table has no model.
CACHE = """
CREATE TABLE IF NOT EXISTS portal_cache (
    cache_key text PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS portal_cache_expires ON portal_cache (expires);
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("calls", "0001_initial"),
        ("codelists", "0001_initial"),
        ("members", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("projects", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Page',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(blank=True, help_text='Last part of the page’s address. Old addresses keep working.', max_length=120, unique=True, verbose_name='address')),
                ('state', models.CharField(choices=[('draft', 'draft'), ('ready', 'ready'), ('published', 'published'), ('withdrawn', 'withdrawn')], default='draft', max_length=10, verbose_name='state')),
                ('is_sample', models.BooleanField(default=False, editable=False, help_text='Made up, for trying out the portal.', verbose_name='sample')),
                ('note', models.TextField(blank=True, help_text='Never shown to the public.', verbose_name='note for staff')),
                ('published_at', models.DateTimeField(editable=False, null=True, verbose_name='first published')),
                ('withdrawn_at', models.DateTimeField(editable=False, null=True, verbose_name='withdrawn')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='last changed')),
                ('title', models.CharField(blank=True, max_length=200, verbose_name='title')),
                ('summary', models.CharField(blank=True, help_text='One sentence for search engines.', max_length=300, verbose_name='summary')),
                ('body', models.TextField(blank=True, help_text='Markdown; headings start with ##.', verbose_name='text')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position in the menu')),
                ('i18n', modeltrans.fields.TranslationField(fields=['title', 'summary', 'body'], required_languages=(), virtual_fields=True)),
            ],
            options={
                'verbose_name': 'page',
                'verbose_name_plural': 'pages',
                'ordering': ['position', 'id'],
                'permissions': [('publish_page', 'Can publish and withdraw pages')],
            },
        ),
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
            name='Alert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail')),
                ('query', models.CharField(blank=True, help_text="The end of the list's address.", max_length=2000, verbose_name='filter')),
                ('language', models.CharField(choices=[('ar', 'Arabic'), ('zh-hans', 'Chinese'), ('en', 'English'), ('fr', 'French'), ('pt', 'Portuguese'), ('ru', 'Russian'), ('es', 'Spanish')], max_length=10, verbose_name='language')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='confirmed')),
                ('looked_at', models.DateTimeField(blank=True, null=True, verbose_name='looked for new projects')),
            ],
            options={
                'verbose_name': 'new projects by e-mail',
                'verbose_name_plural': 'new projects by e-mail',
                'ordering': ['-asked_at', '-id'],
                'default_permissions': ['view', 'delete'],
                'constraints': [models.UniqueConstraint(fields=('email', 'query'), name='alert_once')],
            },
        ),
        migrations.CreateModel(
            name='DatedFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('figure', models.CharField(choices=[('founded', 'founded'), ('members', 'members'), ('pgtf_projects', 'PGTF projects'), ('demonstration_projects', 'small demonstration projects'), ('countries_reached', 'countries reached')], max_length=30, verbose_name='figure')),
                ('label', models.CharField(max_length=120, verbose_name='label')),
                ('value', models.PositiveIntegerField(verbose_name='value')),
                ('qualifier', models.CharField(blank=True, choices=[('', 'exactly'), ('over', 'more than')], default='', max_length=10, verbose_name='qualifier')),
                ('as_of', sscnet.core.models.fields.PartialDateField(help_text='A year or a month: 2023 or 2023-12.', max_length=10, verbose_name='as of')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                ('i18n', modeltrans.fields.TranslationField(fields=['label'], required_languages=(), virtual_fields=True)),
            ],
            options={
                'verbose_name': 'dated figure',
                'verbose_name_plural': 'dated figures',
                'ordering': ['position', '-as_of'],
                'constraints': [models.UniqueConstraint(fields=('figure', 'as_of'), name='dated_figure_once', violation_error_message='This figure already has a statement for this date.'), models.CheckConstraint(condition=models.Q(('as_of', ''), ('as_of__regex', '^\\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\\d|3[01]))?)?$'), _connector='OR'), name='dated_figure_as_of_partial_date', violation_error_message='Write a year, a month or a day: 2019, 2019-05 or 2019-05-21.')],
            },
        ),
        migrations.CreateModel(
            name='DatedFigureEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('figure', models.CharField(choices=[('founded', 'founded'), ('members', 'members'), ('pgtf_projects', 'PGTF projects'), ('demonstration_projects', 'small demonstration projects'), ('countries_reached', 'countries reached')], max_length=30, verbose_name='figure')),
                ('label', models.CharField(max_length=120, verbose_name='label')),
                ('value', models.PositiveIntegerField(verbose_name='value')),
                ('qualifier', models.CharField(blank=True, choices=[('', 'exactly'), ('over', 'more than')], default='', max_length=10, verbose_name='qualifier')),
                ('as_of', sscnet.core.models.fields.PartialDateField(help_text='A year or a month: 2023 or 2023-12.', max_length=10, verbose_name='as of')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                ('i18n', modeltrans.fields.TranslationField(fields=['label'], required_languages=(), virtual_fields=True)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='secretariat.datedfigure')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Enquiry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(default=secretariat.enquiries.models.new_reference, editable=False, max_length=20, unique=True, verbose_name='reference')),
                ('sent_key', models.CharField(editable=False, max_length=64, unique=True)),
                ('kind', models.CharField(choices=[('question', 'question'), ('correction', 'correction')], default='question', max_length=12, verbose_name='kind')),
                ('subject', models.CharField(blank=True, help_text='What it was called at the time.', max_length=600, verbose_name='subject')),
                ('question', models.TextField(max_length=10000, verbose_name='question')),
                ('language', models.CharField(choices=[('ar', 'Arabic'), ('zh-hans', 'Chinese'), ('en', 'English'), ('fr', 'French'), ('pt', 'Portuguese'), ('ru', 'Russian'), ('es', 'Spanish')], max_length=10, verbose_name='language')),
                ('name', models.CharField(blank=True, max_length=150, verbose_name='name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email')),
                ('organisation', models.CharField(blank=True, max_length=200, verbose_name='organisation')),
                ('state', models.CharField(choices=[('new', 'new'), ('passed_on', 'passed on'), ('answered', 'answered'), ('closed', 'closed')], default='new', max_length=10, verbose_name='state')),
                ('outcome', models.CharField(blank=True, choices=[('answered', 'answered'), ('corrected', 'record corrected'), ('not_for_us', 'not for the Network'), ('no_reply_possible', 'no reply possible'), ('no_question', 'advertising or no question')], max_length=20, verbose_name='outcome')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='asked')),
                ('due_on', models.DateField(default=secretariat.enquiries.models.due_day, verbose_name='due on')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='answered or closed')),
                ('reminded_at', models.DateTimeField(blank=True, null=True, verbose_name='reminded')),
                ('personal_data_erased_at', models.DateTimeField(blank=True, null=True, verbose_name='name and email erased')),
                ('call', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='enquiries', to='calls.call', verbose_name='call')),
                ('country', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='codelists.country', verbose_name='country')),
                ('institution', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='enquiries', to='members.institution', verbose_name='institution')),
                ('passed_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='enquiries_passed_on', to='members.institution', verbose_name='passed on to')),
                ('project', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='enquiries', to='projects.project', verbose_name='project')),
                ('service', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='enquiries', to='members.service', verbose_name='service')),
            ],
            options={
                'verbose_name': 'question',
                'verbose_name_plural': 'questions',
                'ordering': ['-asked_at', '-id'],
                'default_permissions': ['view', 'change'],
            },
        ),
        migrations.CreateModel(
            name='EnquiryStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('new', 'new'), ('passed_on', 'passed on'), ('answered', 'answered'), ('closed', 'closed')], max_length=10, verbose_name='state')),
                ('outcome', models.CharField(blank=True, choices=[('answered', 'answered'), ('corrected', 'record corrected'), ('not_for_us', 'not for the Network'), ('no_reply_possible', 'no reply possible'), ('no_question', 'advertising or no question')], default='', max_length=20, verbose_name='outcome')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='when')),
                ('text', models.TextField(blank=True, max_length=10000, verbose_name='words')),
                ('language', models.CharField(blank=True, choices=[('ar', 'Arabic'), ('zh-hans', 'Chinese'), ('en', 'English'), ('fr', 'French'), ('pt', 'Portuguese'), ('ru', 'Russian'), ('es', 'Spanish')], max_length=10, verbose_name='language')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('enquiry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='secretariat.enquiry')),
                ('institution', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='enquiry_steps', to='members.institution', verbose_name='institution')),
            ],
            options={
                'verbose_name': 'step of a question',
                'verbose_name_plural': 'steps of a question',
                'ordering': ['at', 'id'],
                'default_permissions': [],
            },
        ),
        migrations.CreateModel(
            name='PageEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('slug', models.SlugField(blank=True, db_index=False, help_text='Last part of the page’s address. Old addresses keep working.', max_length=120, verbose_name='address')),
                ('state', models.CharField(choices=[('draft', 'draft'), ('ready', 'ready'), ('published', 'published'), ('withdrawn', 'withdrawn')], default='draft', max_length=10, verbose_name='state')),
                ('is_sample', models.BooleanField(default=False, editable=False, help_text='Made up, for trying out the portal.', verbose_name='sample')),
                ('note', models.TextField(blank=True, help_text='Never shown to the public.', verbose_name='note for staff')),
                ('published_at', models.DateTimeField(editable=False, null=True, verbose_name='first published')),
                ('withdrawn_at', models.DateTimeField(editable=False, null=True, verbose_name='withdrawn')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='created')),
                ('title', models.CharField(blank=True, max_length=200, verbose_name='title')),
                ('summary', models.CharField(blank=True, help_text='One sentence for search engines.', max_length=300, verbose_name='summary')),
                ('body', models.TextField(blank=True, help_text='Markdown; headings start with ##.', verbose_name='text')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position in the menu')),
                ('i18n', modeltrans.fields.TranslationField(fields=['title', 'summary', 'body'], required_languages=(), virtual_fields=True)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='secretariat.page')),
            ],
            options={
                'abstract': False,
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
            model_name='enquiry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('institution', None), ('project', None), ('service', None)), models.Q(('call', None), ('institution', None), ('project', None)), models.Q(('call', None), ('project', None), ('service', None)), models.Q(('call', None), ('institution', None), ('service', None)), _connector='OR'), name='enquiry_about_one_record'),
        ),
        migrations.AddConstraint(
            model_name='enquiry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), models.Q(('outcome', ''), _negated=True)), models.Q(models.Q(('state', 'closed'), _negated=True), ('outcome', '')), _connector='OR'), name='enquiry_closed_with_outcome'),
        ),
        migrations.AddConstraint(
            model_name='enquiry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at', None), ('state__in', ['new', 'passed_on'])), models.Q(('settled_at__isnull', False), ('state__in', ['answered', 'closed'])), _connector='OR'), name='enquiry_settled_when_not_open'),
        ),
        migrations.AddConstraint(
            model_name='enquiry',
            constraint=models.CheckConstraint(condition=models.Q(('personal_data_erased_at', None), models.Q(('email', ''), ('name', ''), ('organisation', '')), _connector='OR'), name='enquiry_erased_is_empty'),
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
        migrations.RunSQL(CACHE, migrations.RunSQL.noop),
    ]
