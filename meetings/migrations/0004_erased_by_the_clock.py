import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

RETENTION_DAY = models.DateField(
    blank=True,
    help_text="After this day the portal erases the delegates’ personal data. Officers are told in advance. "
    "Empty: some time after the last day.",
    null=True,
    verbose_name="retention day",
)


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0003_retention_day_of_each_meeting"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField("meeting", "retain_until", RETENTION_DAY),
        migrations.AlterField("meetingevent", "retain_until", RETENTION_DAY),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=~models.Q(state="published") | models.Q(retain_until__isnull=False),
                name="meeting_published_with_retention_day",
                violation_error_message="Give the day after which personal data are erased.",
            ),
        ),
        migrations.CreateModel(
            name="ErasureNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("retain_until", models.DateField(verbose_name="retention day")),
                (
                    "told_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="told"),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="erasure_notices",
                        to="meetings.meeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "notice of erasing",
                "verbose_name_plural": "notices of erasing",
                "default_permissions": [],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("meeting", "retain_until"), name="erasure_notice_once"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="erasure",
            name="reason",
            field=models.CharField(
                choices=[
                    ("retention", "the retention day is past"),
                    ("request", "at the person’s own request"),
                    ("restored", "again, after a restore"),
                ],
                default="retention",
                max_length=10,
                verbose_name="why",
            ),
        ),
        migrations.AlterField(
            model_name="erasure",
            name="by",
            field=models.ForeignKey(
                help_text="Empty: the portal itself, the operator, or the person.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="who",
            ),
        ),
    ]
