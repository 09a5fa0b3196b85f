from django.db import migrations, models
from django.db.models import Q


def by_consent(name):
    return migrations.AddConstraint(
        model_name="delegate",
        constraint=models.CheckConstraint(
            condition=Q(**{name: ""}) | Q(consented_to__contains=[name]),
            name=f"delegate_{name}_by_consent",
            violation_error_message="Without the person’s consent this is not kept.",
        ),
    )


class Migration(migrations.Migration):
    dependencies = [("meetings", "0006_consent_as_it_was")]

    operations = [by_consent("diet"), by_consent("access_needs")]
