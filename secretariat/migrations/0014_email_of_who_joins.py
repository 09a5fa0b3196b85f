"""When who wishes to join confirmed the address that was given."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('secretariat', '0013_imports_of_answers'),
    ]

    operations = [
        migrations.AddField(
            model_name='enquiry',
            name='email_confirmed_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
