import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contenttypes', '0002_remove_content_type_name'),
        ('core', '0002_sources_say_what_for_in_languages'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
                ('content_type', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='contenttypes.contenttype', verbose_name='kind of record')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
                ('replaces', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='core.proposedversion', verbose_name='replaces')),
                ('scheduled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='time set by')),
            ],
            options={
                'verbose_name': 'version',
                'verbose_name_plural': 'versions',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['content_type', 'object_id'], name='versions_of_record')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state', 'waiting'), ('decided_at__isnull', False), _connector='OR'), name='version_decided_at', violation_error_message='Once decided, it needs the time of the decision.')],
            },
        ),
    ]
