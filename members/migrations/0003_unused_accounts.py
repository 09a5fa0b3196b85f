from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0002_official_names_of_provinces")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="unused_told_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
