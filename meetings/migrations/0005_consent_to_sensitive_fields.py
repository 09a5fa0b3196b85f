import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("meetings", "0004_erased_by_the_clock")]

    operations = [
        migrations.AddField(
            model_name="delegate",
            name="consented_to",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=20),
                blank=True,
                default=list,
                help_text="Information that reveals health or belief is kept only with the person’s consent.",
                verbose_name="agreed that this is kept",
            ),
        ),
        migrations.AddField(
            model_name="delegate",
            name="consented_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="agreed on"),
        ),
    ]
