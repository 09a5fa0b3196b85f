from decimal import Decimal

import django.contrib.postgres.operations
import django.core.validators
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.functions.text
import modeltrans.fields
from django.conf import settings
from django.db import migrations, models

import sscnet.core.models.fields
import sscnet.core.models.files
import sscnet.core.uploads.validators

# Codes are given once: a sequence never gives a number again, whoever makes the row.
CREATE_CODES = """
CREATE SEQUENCE project_code;
CREATE FUNCTION next_project_code() RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT 'SSC-' || lpad(n::text, greatest(4, length(n::text)), '0')
    FROM (SELECT nextval('project_code') AS n) AS next;
$$;
"""
DROP_CODES = "DROP FUNCTION next_project_code(); DROP SEQUENCE project_code;"


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('codelists', '0001_initial'),
        ('members', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        # Tells how far apart two spellings are. Trusted: the owner of the database may create it.
        django.contrib.postgres.operations.CreateExtension(
            name='fuzzystrmatch',
        ),
        migrations.RunSQL(CREATE_CODES, DROP_CODES),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.FileField(upload_to=sscnet.core.models.files.document_path, validators=[sscnet.core.uploads.validators.validate_document], verbose_name='file')),
                ('size', models.PositiveIntegerField(editable=False, verbose_name='size in bytes')),
                ('title', models.CharField(blank=True, max_length=250, verbose_name='title')),
                ('language', models.CharField(blank=True, choices=[('ar', 'Arabic'), ('zh-hans', 'Chinese'), ('en', 'English'), ('fr', 'French'), ('pt', 'Portuguese'), ('ru', 'Russian'), ('es', 'Spanish')], max_length=10, verbose_name='language')),
                ('dated', sscnet.core.models.fields.PartialDateField(blank=True, help_text='2019, 2019-05 or 2019-05-21.', max_length=10, verbose_name='date')),
                ('uploaded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='uploaded')),
                ('kind', models.CharField(choices=[('final_report', 'final report'), ('proposal', 'proposal'), ('progress_report', 'progress report'), ('publication', 'publication'), ('other', 'other document')], default='final_report', max_length=20, verbose_name='kind')),
                ('i18n', modeltrans.fields.TranslationField(fields=['title'], required_languages=(), virtual_fields=True)),
            ],
            options={
                'verbose_name': 'document',
                'verbose_name_plural': 'documents',
                'ordering': ['kind', 'id'],
            },
        ),
        migrations.CreateModel(
            name='FundNumber',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(error_messages={'unique': 'Another project has this number.'}, max_length=10, unique=True, validators=[django.core.validators.RegexValidator('^INT/\\d{2}/K\\d{2}$', 'Write it like INT/18/K08.')], verbose_name='number of the Fund')),
            ],
            options={
                'verbose_name': 'number of the Fund',
                'verbose_name_plural': 'numbers of the Fund',
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='Picture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('image', models.FileField(max_length=200, upload_to='', validators=[sscnet.core.uploads.validators.validate_picture], verbose_name='picture')),
                ('width', models.PositiveIntegerField(editable=False, verbose_name='width')),
                ('height', models.PositiveIntegerField(editable=False, verbose_name='height')),
                ('alt', models.CharField(blank=True, help_text='What the picture shows, for people who cannot see it.', max_length=300, verbose_name='alternative text')),
                ('caption', models.CharField(blank=True, max_length=300, verbose_name='caption')),
                ('credit', models.CharField(blank=True, help_text='Who took it: “Photo: CICETE”.', max_length=200, verbose_name='credit')),
                ('licence', models.CharField(blank=True, choices=[('cc-by-4.0', 'CC BY 4.0'), ('cc-by-sa-4.0', 'CC BY-SA 4.0'), ('cc-by-nc-4.0', 'CC BY-NC 4.0'), ('public-domain', 'public domain'), ('by-permission', 'used by permission, all rights reserved')], help_text='How others may use it. Empty: not stated.', max_length=20, verbose_name='licence')),
                ('uploaded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='uploaded')),
                ('is_cover', models.BooleanField(default=False, verbose_name='cover picture')),
                ('i18n', modeltrans.fields.TranslationField(fields=['alt', 'caption'], required_languages=(), virtual_fields=True)),
            ],
            options={
                'verbose_name': 'picture',
                'verbose_name_plural': 'pictures',
                'ordering': ['-is_cover', 'id'],
                'constraints': [sscnet.core.models.fields.InSomeLanguage(field='alt', name='picture_alt_in_some_language')],
            },
        ),
        migrations.CreateModel(
            name='Project',
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
                ('code', models.CharField(db_default=models.Func(function='next_project_code', output_field=models.CharField()), editable=False, max_length=20, unique=True, verbose_name='code')),
                ('title', models.CharField(blank=True, max_length=400, verbose_name='title')),
                ('subtitle', models.CharField(blank=True, max_length=400, verbose_name='subtitle')),
                ('summary', models.TextField(blank=True, verbose_name='summary')),
                ('challenge', models.TextField(blank=True, verbose_name='challenge')),
                ('approach', models.TextField(blank=True, verbose_name='approach')),
                ('outcome', models.TextField(blank=True, verbose_name='outcome')),
                ('programme', models.CharField(blank=True, choices=[('pgtf', 'PGTF project'), ('demonstration', 'Small demonstration project'), ('', 'not stated')], default='', max_length=20, verbose_name='programme')),
                ('status', models.CharField(blank=True, choices=[('pipeline', 'Pipeline'), ('ongoing', 'Ongoing'), ('completed', 'Completed'), ('cancelled', 'Cancelled'), ('', 'not stated')], default='', max_length=20, verbose_name='declared status')),
                ('status_declared_on', models.DateField(blank=True, null=True, verbose_name='status declared on')),
                ('approval_meeting', models.CharField(blank=True, max_length=200, verbose_name='approved by')),
                ('approved_on', models.DateField(blank=True, null=True, verbose_name='approved on')),
                ('year_approved', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='year of approval')),
                ('planned_start_on', sscnet.core.models.fields.PartialDateField(blank=True, max_length=10, verbose_name='planned start')),
                ('planned_end_on', sscnet.core.models.fields.PartialDateField(blank=True, max_length=10, verbose_name='planned end')),
                ('actual_start_on', sscnet.core.models.fields.PartialDateField(blank=True, max_length=10, verbose_name='actual start')),
                ('actual_end_on', sscnet.core.models.fields.PartialDateField(blank=True, max_length=10, verbose_name='actual end')),
                ('duration_as_stated', models.CharField(blank=True, max_length=200, verbose_name='duration in the source')),
                ('final_report_on', sscnet.core.models.fields.PartialDateField(blank=True, help_text='A day or a month: 2019-08-06 or 2019-08.', max_length=10, verbose_name='final report')),
                ('participants_as_stated', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='number of participating countries in the source')),
                ('modality', models.CharField(blank=True, choices=[('south-south', 'South-South cooperation'), ('triangular', 'Triangular cooperation'), ('', 'not stated')], default='', max_length=20, verbose_name='modality')),
                ('gender_marker', models.PositiveSmallIntegerField(blank=True, choices=[(0, 'Not targeted'), (1, 'Significant objective'), (2, 'Principal objective')], null=True, verbose_name='gender marker')),
                ('gender_evidence', models.TextField(blank=True, verbose_name='evidence for the gender marker')),
                ('beneficiaries', models.TextField(blank=True, verbose_name='beneficiaries')),
                ('beneficiaries_number', models.PositiveIntegerField(blank=True, null=True, verbose_name='number of beneficiaries')),
                ('beneficiaries_bound', models.CharField(blank=True, choices=[('', 'exactly'), ('at_least', 'at least'), ('about', 'about')], default='', max_length=10, verbose_name='how exact the number is')),
                ('women_beneficiaries_number', models.PositiveIntegerField(blank=True, null=True, verbose_name='women among them')),
                ('granted_usd', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='granted by the PGTF, US$')),
                ('other_inputs_usd', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='other inputs, US$')),
                ('other_cash_usd', models.DecimalField(blank=True, decimal_places=2, help_text='Part of the other inputs.', max_digits=14, null=True, verbose_name='of these in cash, US$')),
                ('other_kind_usd', models.DecimalField(blank=True, decimal_places=2, help_text='Part of the other inputs.', max_digits=14, null=True, verbose_name='of these in kind, US$')),
                ('classification_confirmed_on', models.DateField(blank=True, editable=False, null=True, verbose_name='classification confirmed on')),
                ('i18n', modeltrans.fields.TranslationField(fields=['title', 'subtitle', 'summary', 'challenge', 'approach', 'outcome', 'approval_meeting', 'duration_as_stated', 'gender_evidence', 'beneficiaries'], required_languages=(), virtual_fields=True)),
                ('area', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='projects', to='codelists.pgtfarea', verbose_name='PGTF area')),
                ('classification_confirmed_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='classification confirmed by')),
                ('contact', models.ForeignKey(blank=True, help_text='Seen by staff only.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='projects', to=settings.AUTH_USER_MODEL, verbose_name='contact')),
            ],
            options={
                'verbose_name': 'project',
                'verbose_name_plural': 'projects',
                'ordering': [models.OrderBy(models.F('year_approved'), descending=True, nulls_last=True), '-id'],
                'permissions': [('publish_project', 'Can publish and withdraw projects')],
            },
        ),
        migrations.CreateModel(
            name='PictureEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('image', models.FileField(max_length=200, upload_to='', validators=[sscnet.core.uploads.validators.validate_picture], verbose_name='picture')),
                ('width', models.PositiveIntegerField(editable=False, verbose_name='width')),
                ('height', models.PositiveIntegerField(editable=False, verbose_name='height')),
                ('alt', models.CharField(blank=True, help_text='What the picture shows, for people who cannot see it.', max_length=300, verbose_name='alternative text')),
                ('caption', models.CharField(blank=True, max_length=300, verbose_name='caption')),
                ('credit', models.CharField(blank=True, help_text='Who took it: “Photo: CICETE”.', max_length=200, verbose_name='credit')),
                ('licence', models.CharField(blank=True, choices=[('cc-by-4.0', 'CC BY 4.0'), ('cc-by-sa-4.0', 'CC BY-SA 4.0'), ('cc-by-nc-4.0', 'CC BY-NC 4.0'), ('public-domain', 'public domain'), ('by-permission', 'used by permission, all rights reserved')], help_text='How others may use it. Empty: not stated.', max_length=20, verbose_name='licence')),
                ('uploaded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='uploaded')),
                ('is_cover', models.BooleanField(default=False, verbose_name='cover picture')),
                ('i18n', modeltrans.fields.TranslationField(fields=['alt', 'caption'], required_languages=(), virtual_fields=True)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='projects.picture')),
                ('project', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='projects.project')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='picture',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pictures', to='projects.project'),
        ),
        migrations.CreateModel(
            name='FundNumberEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('number', models.CharField(error_messages={'unique': 'Another project has this number.'}, max_length=10, validators=[django.core.validators.RegexValidator('^INT/\\d{2}/K\\d{2}$', 'Write it like INT/18/K08.')], verbose_name='number of the Fund')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='projects.fundnumber')),
                ('project', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='projects.project')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='fundnumber',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='fund_numbers', to='projects.project'),
        ),
        migrations.CreateModel(
            name='DocumentEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('file', models.FileField(upload_to=sscnet.core.models.files.document_path, validators=[sscnet.core.uploads.validators.validate_document], verbose_name='file')),
                ('size', models.PositiveIntegerField(editable=False, verbose_name='size in bytes')),
                ('title', models.CharField(blank=True, max_length=250, verbose_name='title')),
                ('language', models.CharField(blank=True, choices=[('ar', 'Arabic'), ('zh-hans', 'Chinese'), ('en', 'English'), ('fr', 'French'), ('pt', 'Portuguese'), ('ru', 'Russian'), ('es', 'Spanish')], max_length=10, verbose_name='language')),
                ('dated', sscnet.core.models.fields.PartialDateField(blank=True, help_text='2019, 2019-05 or 2019-05-21.', max_length=10, verbose_name='date')),
                ('uploaded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='uploaded')),
                ('kind', models.CharField(choices=[('final_report', 'final report'), ('proposal', 'proposal'), ('progress_report', 'progress report'), ('publication', 'publication'), ('other', 'other document')], default='final_report', max_length=20, verbose_name='kind')),
                ('i18n', modeltrans.fields.TranslationField(fields=['title'], required_languages=(), virtual_fields=True)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='projects.document')),
                ('project', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='projects.project')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='document',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='projects.project'),
        ),
        migrations.CreateModel(
            name='ProjectCountry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('lead', 'lead'), ('participating', 'participating'), ('beneficiary', 'beneficiary')], default='participating', max_length=20, verbose_name='role')),
                ('country', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='project_countries', to='codelists.country', verbose_name='country')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='project_countries', to='projects.project')),
            ],
            options={
                'verbose_name': 'country',
                'verbose_name_plural': 'countries',
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='project',
            name='countries',
            field=models.ManyToManyField(related_name='projects', through='projects.ProjectCountry', to='codelists.country', verbose_name='countries'),
        ),
        migrations.CreateModel(
            name='ProjectCountryEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('role', models.CharField(choices=[('lead', 'lead'), ('participating', 'participating'), ('beneficiary', 'beneficiary')], default='participating', max_length=20, verbose_name='role')),
                ('country', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='codelists.country', verbose_name='country')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='projects.projectcountry')),
                ('project', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='projects.project')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ProjectEvent',
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
                ('code', models.CharField(db_default=models.Func(function='next_project_code', output_field=models.CharField()), editable=False, max_length=20, verbose_name='code')),
                ('title', models.CharField(blank=True, max_length=400, verbose_name='title')),
                ('subtitle', models.CharField(blank=True, max_length=400, verbose_name='subtitle')),
                ('summary', models.TextField(blank=True, verbose_name='summary')),
                ('challenge', models.TextField(blank=True, verbose_name='challenge')),
                ('approach', models.TextField(blank=True, verbose_name='approach')),
                ('outcome', models.TextField(blank=True, verbose_name='outcome')),
                ('programme', models.CharField(blank=True, choices=[('pgtf', 'PGTF project'), ('demonstration', 'Small demonstration project'), ('', 'not stated')], default='', max_length=20, verbose_name='programme')),
                ('status', models.CharField(blank=True, choices=[('pipeline', 'Pipeline'), ('ongoing', 'Ongoing'), ('completed', 'Completed'), ('cancelled', 'Cancelled'), ('', 'not stated')], default='', max_length=20, verbose_name='declared status')),
                ('status_declared_on', models.DateField(blank=True, null=True, verbose_name='status declared on')),
                ('approval_meeting', models.CharField(blank=True, max_length=200, verbose_name='approved by')),
                ('approved_on', models.DateField(blank=True, null=True, verbose_name='approved on')),
                ('year_approved', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='year of approval')),
                ('planned_start_on', sscnet.core.models.fields.PartialDateField(blank=True, max_length=10, verbose_name='planned start')),
                ('planned_end_on', sscnet.core.models.fields.PartialDateField(blank=True, max_length=10, verbose_name='planned end')),
                ('actual_start_on', sscnet.core.models.fields.PartialDateField(blank=True, max_length=10, verbose_name='actual start')),
                ('actual_end_on', sscnet.core.models.fields.PartialDateField(blank=True, max_length=10, verbose_name='actual end')),
                ('duration_as_stated', models.CharField(blank=True, max_length=200, verbose_name='duration in the source')),
                ('final_report_on', sscnet.core.models.fields.PartialDateField(blank=True, help_text='A day or a month: 2019-08-06 or 2019-08.', max_length=10, verbose_name='final report')),
                ('participants_as_stated', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='number of participating countries in the source')),
                ('modality', models.CharField(blank=True, choices=[('south-south', 'South-South cooperation'), ('triangular', 'Triangular cooperation'), ('', 'not stated')], default='', max_length=20, verbose_name='modality')),
                ('gender_marker', models.PositiveSmallIntegerField(blank=True, choices=[(0, 'Not targeted'), (1, 'Significant objective'), (2, 'Principal objective')], null=True, verbose_name='gender marker')),
                ('gender_evidence', models.TextField(blank=True, verbose_name='evidence for the gender marker')),
                ('beneficiaries', models.TextField(blank=True, verbose_name='beneficiaries')),
                ('beneficiaries_number', models.PositiveIntegerField(blank=True, null=True, verbose_name='number of beneficiaries')),
                ('beneficiaries_bound', models.CharField(blank=True, choices=[('', 'exactly'), ('at_least', 'at least'), ('about', 'about')], default='', max_length=10, verbose_name='how exact the number is')),
                ('women_beneficiaries_number', models.PositiveIntegerField(blank=True, null=True, verbose_name='women among them')),
                ('granted_usd', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='granted by the PGTF, US$')),
                ('other_inputs_usd', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='other inputs, US$')),
                ('other_cash_usd', models.DecimalField(blank=True, decimal_places=2, help_text='Part of the other inputs.', max_digits=14, null=True, verbose_name='of these in cash, US$')),
                ('other_kind_usd', models.DecimalField(blank=True, decimal_places=2, help_text='Part of the other inputs.', max_digits=14, null=True, verbose_name='of these in kind, US$')),
                ('classification_confirmed_on', models.DateField(blank=True, editable=False, null=True, verbose_name='classification confirmed on')),
                ('i18n', modeltrans.fields.TranslationField(fields=['title', 'subtitle', 'summary', 'challenge', 'approach', 'outcome', 'approval_meeting', 'duration_as_stated', 'gender_evidence', 'beneficiaries'], required_languages=(), virtual_fields=True)),
                ('area', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='codelists.pgtfarea', verbose_name='PGTF area')),
                ('classification_confirmed_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='classification confirmed by')),
                ('contact', models.ForeignKey(blank=True, db_constraint=False, help_text='Seen by staff only.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='contact')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='projects.project')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ProjectInstitution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('submitter', 'submitted by'), ('co_implementer', 'co-implementer'), ('subcontractor', 'subcontractor'), ('supporter', 'supporter')], default='co_implementer', max_length=20, verbose_name='role')),
                ('institution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='project_institutions', to='members.institution', verbose_name='institution')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='project_institutions', to='projects.project')),
            ],
            options={
                'verbose_name': 'institution',
                'verbose_name_plural': 'institutions',
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='project',
            name='institutions',
            field=models.ManyToManyField(related_name='projects', through='projects.ProjectInstitution', to='members.institution', verbose_name='institutions'),
        ),
        migrations.CreateModel(
            name='ProjectInstitutionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('role', models.CharField(choices=[('submitter', 'submitted by'), ('co_implementer', 'co-implementer'), ('subcontractor', 'subcontractor'), ('supporter', 'supporter')], default='co_implementer', max_length=20, verbose_name='role')),
                ('institution', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.institution', verbose_name='institution')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='projects.projectinstitution')),
                ('project', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='projects.project')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ProjectPurpose',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='project_purposes', to='projects.project')),
                ('purpose', models.ForeignKey(limit_choices_to={'level': 'purpose'}, on_delete=django.db.models.deletion.PROTECT, related_name='project_purposes', to='codelists.dacsector', verbose_name='DAC purpose')),
            ],
            options={
                'verbose_name': 'DAC purpose',
                'verbose_name_plural': 'DAC purposes',
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='project',
            name='dac_purposes',
            field=models.ManyToManyField(related_name='projects', through='projects.ProjectPurpose', to='codelists.dacsector', verbose_name='DAC purposes'),
        ),
        migrations.CreateModel(
            name='ProjectPurposeEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='projects.projectpurpose')),
                ('project', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='projects.project')),
                ('purpose', models.ForeignKey(db_constraint=False, limit_choices_to={'level': 'purpose'}, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='codelists.dacsector', verbose_name='DAC purpose')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ProjectSDG',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField(choices=[(0, 'primary'), (1, 'secondary, 1st'), (2, 'secondary, 2nd'), (3, 'secondary, 3rd'), (4, 'secondary, 4th')], verbose_name='place')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='why')),
                ('target', models.CharField(blank=True, max_length=5, validators=[django.core.validators.RegexValidator('^\\d{1,2}\\.(\\d{1,2}|[a-d])$', 'Write it like 7.1 or 7.b.')], verbose_name='target')),
                ('i18n', modeltrans.fields.TranslationField(fields=['reason'], required_languages=(), virtual_fields=True)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='project_sdgs', to='projects.project')),
                ('sdg', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='project_sdgs', to='codelists.sdg', verbose_name='goal')),
            ],
            options={
                'verbose_name': 'goal (SDG)',
                'verbose_name_plural': 'goals (SDGs)',
                'ordering': ['place'],
            },
        ),
        migrations.CreateModel(
            name='ProjectSDGEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('place', models.PositiveSmallIntegerField(choices=[(0, 'primary'), (1, 'secondary, 1st'), (2, 'secondary, 2nd'), (3, 'secondary, 3rd'), (4, 'secondary, 4th')], verbose_name='place')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='why')),
                ('target', models.CharField(blank=True, max_length=5, validators=[django.core.validators.RegexValidator('^\\d{1,2}\\.(\\d{1,2}|[a-d])$', 'Write it like 7.1 or 7.b.')], verbose_name='target')),
                ('i18n', modeltrans.fields.TranslationField(fields=['reason'], required_languages=(), virtual_fields=True)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='projects.projectsdg')),
                ('project', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='projects.project')),
                ('sdg', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='codelists.sdg', verbose_name='goal')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ProjectSector',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='project_sectors', to='projects.project')),
                ('sector', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='project_sectors', to='codelists.sector', verbose_name='sector')),
            ],
            options={
                'verbose_name': 'sector',
                'verbose_name_plural': 'sectors',
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='project',
            name='sectors',
            field=models.ManyToManyField(related_name='projects', through='projects.ProjectSector', to='codelists.sector', verbose_name='sectors'),
        ),
        migrations.CreateModel(
            name='ProjectSectorEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='projects.projectsector')),
                ('project', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='projects.project')),
                ('sector', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='codelists.sector', verbose_name='sector')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='picture',
            constraint=models.UniqueConstraint(condition=models.Q(('is_cover', True)), fields=('project',), name='project_cover_once', violation_error_message='A project can have only one cover picture.'),
        ),
        migrations.AddConstraint(
            model_name='fundnumber',
            constraint=models.CheckConstraint(condition=models.Q(('number__regex', '^INT/\\d{2}/K\\d{2}$')), name='fund_number_pattern', violation_error_message='Write it like INT/18/K08.'),
        ),
        migrations.AddConstraint(
            model_name='projectcountry',
            constraint=models.UniqueConstraint(fields=('project', 'country'), name='project_country_once', violation_error_message='This country has already been added.'),
        ),
        migrations.AddConstraint(
            model_name='projectcountry',
            constraint=models.UniqueConstraint(condition=models.Q(('role', 'lead')), fields=('project',), name='project_lead_country_once', violation_error_message='Only one country can lead.'),
        ),
        migrations.AddConstraint(
            model_name='projectinstitution',
            constraint=models.UniqueConstraint(fields=('project', 'institution', 'role'), name='project_institution_role_once', violation_error_message='This institution already has this role.'),
        ),
        migrations.AddConstraint(
            model_name='projectpurpose',
            constraint=models.UniqueConstraint(fields=('project', 'purpose'), name='project_purpose_once', violation_error_message='This purpose has already been added.'),
        ),
        migrations.AddConstraint(
            model_name='projectsdg',
            constraint=models.UniqueConstraint(fields=('project', 'sdg'), name='project_sdg_once', violation_error_message='This goal has already been added.'),
        ),
        migrations.AddConstraint(
            model_name='projectsdg',
            constraint=models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('project', 'place'), name='project_sdg_place_once', violation_error_message='A project has one primary goal and at most four others.'),
        ),
        migrations.AddConstraint(
            model_name='projectsdg',
            constraint=models.CheckConstraint(condition=models.Q(('place__range', (0, 4))), name='project_sdg_place_range', violation_error_message='A project has one primary goal and at most four others.'),
        ),
        migrations.AddConstraint(
            model_name='projectsector',
            constraint=models.UniqueConstraint(fields=('project', 'sector'), name='project_sector_once', violation_error_message='This sector has already been added.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('granted_usd__gte', 0)), name='project_granted_usd_not_negative', violation_error_message='An amount cannot be negative.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('other_inputs_usd__gte', 0)), name='project_other_inputs_usd_not_negative', violation_error_message='An amount cannot be negative.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('other_cash_usd__gte', 0)), name='project_other_cash_usd_not_negative', violation_error_message='An amount cannot be negative.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('other_kind_usd__gte', 0)), name='project_other_kind_usd_not_negative', violation_error_message='An amount cannot be negative.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('other_cash_usd', None), ('other_kind_usd', None)), models.Q(('other_inputs_usd__gte', django.db.models.expressions.CombinedExpression(django.db.models.functions.comparison.Coalesce(models.F('other_cash_usd'), Decimal('0')), '+', django.db.models.functions.comparison.Coalesce(models.F('other_kind_usd'), Decimal('0')))), ('other_inputs_usd__isnull', False)), _connector='OR'), name='project_parts_within_other_inputs', violation_error_message='Cash and kind together are more than the other inputs.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('planned_end_on', ''), ('planned_end_on__gte', django.db.models.functions.text.Left('planned_start_on', django.db.models.functions.text.Length('planned_end_on'))), _connector='OR'), name='project_planned_end_after_start', violation_error_message='The planned end is before the planned start.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('actual_end_on', ''), ('actual_end_on__gte', django.db.models.functions.text.Left('actual_start_on', django.db.models.functions.text.Length('actual_end_on'))), _connector='OR'), name='project_actual_end_after_start', violation_error_message='The actual end is before the actual start.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('women_beneficiaries_number', None), ('beneficiaries_number', None), ('women_beneficiaries_number__lte', models.F('beneficiaries_number')), _connector='OR'), name='project_women_within_beneficiaries', violation_error_message='There cannot be more women than beneficiaries.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('year_approved', None), ('year_approved__range', (1983, 2100)), _connector='OR'), name='project_year_approved_range', violation_error_message='The Fund was set up in 1983: enter a year from then on.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('planned_start_on', ''), ('planned_start_on__regex', '^\\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\\d|3[01]))?)?$'), _connector='OR'), name='project_planned_start_on_partial_date', violation_error_message='Write a year, a month or a day: 2019, 2019-05 or 2019-05-21.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('planned_end_on', ''), ('planned_end_on__regex', '^\\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\\d|3[01]))?)?$'), _connector='OR'), name='project_planned_end_on_partial_date', violation_error_message='Write a year, a month or a day: 2019, 2019-05 or 2019-05-21.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('actual_start_on', ''), ('actual_start_on__regex', '^\\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\\d|3[01]))?)?$'), _connector='OR'), name='project_actual_start_on_partial_date', violation_error_message='Write a year, a month or a day: 2019, 2019-05 or 2019-05-21.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('actual_end_on', ''), ('actual_end_on__regex', '^\\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\\d|3[01]))?)?$'), _connector='OR'), name='project_actual_end_on_partial_date', violation_error_message='Write a year, a month or a day: 2019, 2019-05 or 2019-05-21.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('final_report_on', ''), ('final_report_on__regex', '^\\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\\d|3[01]))?)?$'), _connector='OR'), name='project_final_report_on_partial_date', violation_error_message='Write a year, a month or a day: 2019, 2019-05 or 2019-05-21.'),
        ),
    ]
