from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('secretariat', '0008_needs'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='response',
            name='reminded_at',
        ),
    ]
