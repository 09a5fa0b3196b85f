import modeltrans.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0006_saved_views")]

    operations = [
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("model", models.CharField(max_length=100)),
                ("object_id", models.BigIntegerField()),
                ("reason", models.TextField(blank=True, max_length=1000, verbose_name="reason")),
                ("replacement_key", models.BigIntegerField(null=True)),
                ("is_duplicate", models.BooleanField(default=False)),
                (
                    "i18n",
                    modeltrans.fields.TranslationField(
                        fields=["reason"], required_languages=(), virtual_fields=True
                    ),
                ),
            ],
            options={
                "default_permissions": [],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("model", "object_id"), name="withdrawal_once"
                    )
                ],
            },
        ),
    ]
