import django_migration_linter as linter
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('search', '0001_initial'),
    ]

    operations = [
        # Nothing is installed yet.
        linter.IgnoreMigration(),
        migrations.RemoveField(
            model_name='renewal',
            name='is_behind',
        ),
    ]
