import django_migration_linter as linter
from django.db import migrations


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
    ]
