"""An import of what an institution answered names the answer."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0002_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='importbatch',
            name='answer',
            field=models.PositiveBigIntegerField(editable=False, null=True),
        ),
    ]
