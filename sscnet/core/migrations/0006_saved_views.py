import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0005_names_of_sources_in_languages"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("model", models.CharField(editable=False, max_length=100)),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("query", models.TextField(editable=False)),
                (
                    "is_shared",
                    models.BooleanField(default=False, verbose_name="shared with all officers"),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "saved view",
                "verbose_name_plural": "saved views",
                "ordering": ["name", "pk"],
                "default_permissions": [],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("model", "owner", "name"), name="saved_view_once"
                    )
                ],
            },
        ),
    ]
