import django.contrib.postgres.fields
import django.db.models.functions.datetime
import modeltrans.fields
from django.db import migrations, models

import sscnet.core.models.records


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='ImportBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('batch', models.UUIDField(editable=False, unique=True)),
                ('model', models.CharField(max_length=100)),
                ('file_name', models.CharField(max_length=200, verbose_name='file')),
                ('new', models.PositiveIntegerField(default=0, verbose_name='new')),
                ('changed', models.PositiveIntegerField(default=0, verbose_name='changed')),
                ('source_name', models.CharField(blank=True, help_text='Who published it, what it is and when, in words. For new records without one.', max_length=500, validators=[sscnet.core.models.records.validate_readable_name], verbose_name='Source of the whole sheet')),
                ('source_address', models.URLField(blank=True, max_length=1000, verbose_name='address')),
                ('source_read_on', models.DateField(blank=True, null=True, verbose_name='consulted on')),
                ('reached', models.JSONField(default=dict)),
                ('imported_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='imported')),
                ('undone_at', models.DateTimeField(null=True, verbose_name='undone')),
            ],
            options={
                'verbose_name': 'import',
                'verbose_name_plural': 'imports',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='LoggedChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.TextField()),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'db_table': 'core_change',
                'default_permissions': [],
            },
        ),
        migrations.CreateModel(
            name='OldSlug',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('model', models.CharField(max_length=100)),
                ('slug', models.CharField(max_length=200)),
                ('object_id', models.BigIntegerField()),
                ('replaced_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name='ProposedVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('object_id', models.CharField(max_length=20, verbose_name='record')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('released', 'released'), ('partly_released', 'released in part'), ('returned', 'returned'), ('taken_back', 'taken back'), ('replaced', 'replaced by a newer version')], default='waiting', max_length=20, verbose_name='state')),
                ('changes', models.JSONField(default=list, verbose_name='changes')),
                ('released', models.JSONField(default=list, verbose_name='released changes')),
                ('origin', models.CharField(choices=[('form', 'written in the form'), ('import', 'imported'), ('restored', 'an older state'), ('profile', 'proposed by the institution')], default='form', max_length=20, verbose_name='origin')),
                ('file_name', models.CharField(blank=True, max_length=200, verbose_name='file')),
                ('state_of', models.DateTimeField(null=True, verbose_name='restores the record of')),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='proposed')),
                ('remark', models.TextField(blank=True, verbose_name='remark')),
                ('release_at', models.DateTimeField(blank=True, null=True, verbose_name='to be released')),
                ('obstacle', models.TextField(blank=True, verbose_name='why it was not released')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                ('answer', models.TextField(blank=True, verbose_name='answer')),
            ],
            options={
                'verbose_name': 'version',
                'verbose_name_plural': 'versions',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='RetentionRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=50, verbose_name='kind')),
                ('count', models.PositiveIntegerField(verbose_name='how many')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='when')),
            ],
            options={
                'verbose_name': 'erasing by schedule',
                'verbose_name_plural': 'erasing by schedule',
                'ordering': ['-at', '-id'],
                'default_permissions': ['view'],
            },
        ),
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('object_id', models.CharField(max_length=20)),
                ('name', models.CharField(blank=True, help_text='Who published it, what it is and when, in words.', max_length=500, validators=[sscnet.core.models.records.validate_readable_name], verbose_name='name')),
                ('address', models.URLField(blank=True, max_length=1000, verbose_name='address')),
                ('fields', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list, help_text='None: all that no other source is for.', verbose_name='what it is for')),
                ('how', models.CharField(blank=True, choices=[('', 'stated by the source'), ('given', 'given by the institution'), ('from_number', 'derived from the number'), ('from_title', 'derived from the title'), ('from_list', 'derived from the list that names it'), ('from_damaged_copy', 'derived from a damaged copy'), ('from_days_as_stated', 'derived from the dates in the source'), ('in_our_words', 'in our words, from the source'), ('translated', 'translated by us'), ('assessed', 'our own assessment'), ('confirmed', 'confirmed by the Secretariat')], max_length=30, verbose_name='how it is known')),
                ('confidence', models.CharField(blank=True, choices=[('high', 'high'), ('medium', 'medium'), ('low', 'low'), ('', 'not stated')], default='', max_length=10, verbose_name='confidence')),
                ('read_on', models.DateField(blank=True, null=True, verbose_name='consulted on')),
                ('i18n', modeltrans.fields.TranslationField(fields=['name'], required_languages=(), virtual_fields=True)),
            ],
            options={
                'verbose_name': 'source',
                'verbose_name_plural': 'sources',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='SourceEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('object_id', models.CharField(max_length=20)),
                ('name', models.CharField(blank=True, help_text='Who published it, what it is and when, in words.', max_length=500, validators=[sscnet.core.models.records.validate_readable_name], verbose_name='name')),
                ('address', models.URLField(blank=True, max_length=1000, verbose_name='address')),
                ('fields', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list, help_text='None: all that no other source is for.', verbose_name='what it is for')),
                ('how', models.CharField(blank=True, choices=[('', 'stated by the source'), ('given', 'given by the institution'), ('from_number', 'derived from the number'), ('from_title', 'derived from the title'), ('from_list', 'derived from the list that names it'), ('from_damaged_copy', 'derived from a damaged copy'), ('from_days_as_stated', 'derived from the dates in the source'), ('in_our_words', 'in our words, from the source'), ('translated', 'translated by us'), ('assessed', 'our own assessment'), ('confirmed', 'confirmed by the Secretariat')], max_length=30, verbose_name='how it is known')),
                ('confidence', models.CharField(blank=True, choices=[('high', 'high'), ('medium', 'medium'), ('low', 'low'), ('', 'not stated')], default='', max_length=10, verbose_name='confidence')),
                ('read_on', models.DateField(blank=True, null=True, verbose_name='consulted on')),
                ('i18n', modeltrans.fields.TranslationField(fields=['name'], required_languages=(), virtual_fields=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Withdrawal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('model', models.CharField(max_length=100)),
                ('object_id', models.BigIntegerField()),
                ('reason', models.TextField(blank=True, max_length=1000, verbose_name='reason')),
                ('replacement_key', models.BigIntegerField(null=True)),
                ('is_duplicate', models.BooleanField(default=False)),
                ('i18n', modeltrans.fields.TranslationField(fields=['reason'], required_languages=(), virtual_fields=True)),
            ],
            options={
                'default_permissions': [],
            },
        ),
    ]
