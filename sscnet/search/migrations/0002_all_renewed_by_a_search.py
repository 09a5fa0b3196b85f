from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('search', '0001_initial'),
    ]

    operations = [
        # Nothing is installed yet.
        migrations.RemoveField(
            model_name='renewal',
            name='is_behind',
        ),
    ]
