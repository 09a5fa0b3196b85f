import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('contenttypes', '0002_remove_content_type_name'),
        ('pghistory', '0007_auto_20250421_0444'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.TextField()),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'default_permissions': [],
            },
        ),
        migrations.CreateModel(
            name='LoadedValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('model', models.CharField(max_length=100)),
                ('key', models.CharField(max_length=500)),
                ('object_id', models.CharField(max_length=20)),
                ('values', models.JSONField(default=dict)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('model', 'key'), name='loaded_once')],
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
            options={
                'constraints': [models.UniqueConstraint(fields=('model', 'slug'), name='old_slug_once')],
            },
        ),
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('object_id', models.CharField(max_length=20)),
                ('name', models.CharField(max_length=500, verbose_name='name')),
                ('address', models.URLField(blank=True, max_length=1000, verbose_name='address')),
                ('supports', models.CharField(blank=True, help_text='Empty: the whole record.', max_length=500, verbose_name='what it supports')),
                ('confidence', models.CharField(blank=True, choices=[('high', 'high'), ('medium', 'medium'), ('low', 'low'), ('', 'not stated')], default='', max_length=10, verbose_name='confidence')),
                ('read_on', models.DateField(blank=True, null=True, verbose_name='consulted on')),
                ('content_type', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='contenttypes.contenttype')),
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
                ('name', models.CharField(max_length=500, verbose_name='name')),
                ('address', models.URLField(blank=True, max_length=1000, verbose_name='address')),
                ('supports', models.CharField(blank=True, help_text='Empty: the whole record.', max_length=500, verbose_name='what it supports')),
                ('confidence', models.CharField(blank=True, choices=[('high', 'high'), ('medium', 'medium'), ('low', 'low'), ('', 'not stated')], default='', max_length=10, verbose_name='confidence')),
                ('read_on', models.DateField(blank=True, null=True, verbose_name='consulted on')),
                ('content_type', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contenttypes.contenttype')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='core.source')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ImportBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('batch', models.UUIDField(editable=False, unique=True)),
                ('model', models.CharField(max_length=100)),
                ('file_name', models.CharField(max_length=200, verbose_name='file')),
                ('new', models.PositiveIntegerField(default=0, verbose_name='new')),
                ('changed', models.PositiveIntegerField(default=0, verbose_name='changed')),
                ('reached', models.JSONField(default=dict)),
                ('imported_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='imported')),
                ('undone_at', models.DateTimeField(null=True, verbose_name='undone')),
                ('imported_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('undone_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'import',
                'verbose_name_plural': 'imports',
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['model', '-id'], name='imports_of_model')],
            },
        ),
        migrations.AddIndex(
            model_name='source',
            index=models.Index(fields=['content_type', 'object_id'], name='core_source_content_48187a_idx'),
        ),
    ]
