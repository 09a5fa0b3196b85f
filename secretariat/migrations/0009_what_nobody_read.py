"""The language of a question and of an answer is that of its words."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('secretariat', '0008_needs'),
    ]

    operations = [
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
