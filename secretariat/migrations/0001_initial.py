import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import modeltrans.fields
from django.conf import settings
from django.db import migrations, models

import secretariat.enquiries.models
import sscnet.core.models.fields


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('codelists', '0001_initial'),
        ('members', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('projects', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Page',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(blank=True, help_text="Last part of the page’s address. Old addresses keep working.", max_length=120, unique=True, verbose_name='address')),
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
                ('slug', models.SlugField(blank=True, db_index=False, help_text="Last part of the page’s address. Old addresses keep working.", max_length=120, verbose_name='address')),
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
        migrations.AddConstraint(
            model_name='enquiry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('institution', None), ('project', None)), models.Q(('project', None), ('service', None)), models.Q(('institution', None), ('service', None)), _connector='OR'), name='enquiry_about_one_record'),
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
    ]
