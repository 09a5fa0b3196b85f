from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0003_second_factor_offered_from")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="unused_told_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
