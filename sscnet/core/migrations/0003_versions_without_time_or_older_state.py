import django_migration_linter as linter
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0002_initial'),
    ]

    operations = [
        # Nothing is installed yet.
        linter.IgnoreMigration(),
        migrations.RemoveField(
            model_name='proposedversion',
            name='obstacle',
        ),
        migrations.RemoveField(
            model_name='proposedversion',
            name='release_at',
        ),
        migrations.RemoveField(
            model_name='proposedversion',
            name='scheduled_by',
        ),
        migrations.RemoveField(
            model_name='proposedversion',
            name='state_of',
        ),
        migrations.AlterField(
            model_name='proposedversion',
            name='origin',
            field=models.CharField(choices=[('form', 'written in the form'), ('import', 'imported'), ('profile', 'proposed by the institution')], default='form', max_length=20, verbose_name='origin'),
        ),
    ]
