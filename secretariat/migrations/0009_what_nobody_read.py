"""The language of a question and of an answer is that of its words."""

from django.db import migrations

from sscnet.core.database.triggers import drop_triggers


class Migration(migrations.Migration):

    dependencies = [
        ('secretariat', '0008_needs'),
    ]

    operations = [
        drop_triggers('secretariat_enquiry', 'secretariat_enquirystep', 'secretariat_response'),
        migrations.RemoveField(
            model_name='enquiry',
            name='language',
        ),
        migrations.RemoveField(
            model_name='enquirystep',
            name='language',
        ),
        migrations.RemoveField(
            model_name='response',
            name='reminded_at',
        ),
    ]
