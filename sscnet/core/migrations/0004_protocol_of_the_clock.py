import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0003_versions_that_wait")]

    operations = [
        migrations.CreateModel(
            name="RetentionRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=50, verbose_name="kind")),
                ("count", models.PositiveIntegerField(verbose_name="how many")),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="when",
                    ),
                ),
            ],
            options={
                "verbose_name": "erasing by schedule",
                "verbose_name_plural": "erasing by schedule",
                "ordering": ["-at", "-id"],
                "default_permissions": ["view"],
            },
        ),
    ]
