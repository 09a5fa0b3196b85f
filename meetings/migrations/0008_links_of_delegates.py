import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import sscnet.core.personal_data.personal_links


class Migration(migrations.Migration):
    dependencies = [("meetings", "0007_sensitive_only_by_consent")]

    operations = [
        migrations.AddField(
            model_name="delegate",
            name="created_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(),
                editable=False,
                verbose_name="created",
            ),
        ),
        migrations.AddField(
            model_name="personexport",
            name="delegates",
            field=models.ManyToManyField(
                related_name="exports", to="meetings.delegate", verbose_name="delegates"
            ),
        ),
        migrations.CreateModel(
            name="DelegateLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "token",
                    models.CharField(
                        default=sscnet.core.personal_data.personal_links.new_token,
                        editable=False,
                        max_length=50,
                        unique=True,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="made",
                    ),
                ),
                (
                    "expires_at",
                    models.DateTimeField(
                        default=sscnet.core.personal_data.personal_links.link_ends_at, verbose_name="expires"
                    ),
                ),
                (
                    "revoked_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="revoked"),
                ),
                (
                    "delegate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="meetings.delegate",
                    ),
                ),
            ],
            options={
                "verbose_name": "link of a delegate",
                "verbose_name_plural": "links of delegates",
                "default_permissions": [],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(revoked_at=None),
                        fields=("delegate",),
                        name="delegate_link_once",
                    )
                ],
            },
        ),
    ]
