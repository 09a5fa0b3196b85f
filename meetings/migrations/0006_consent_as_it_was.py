"""What is stated already stays, without a day: the portal had not asked for it separately."""

from django.db import migrations
from django.db.models import Q

SENSITIVE = ("diet", "access_needs")


def note(apps, schema_editor):
    delegates = apps.get_model("meetings", "Delegate").objects
    for delegate in delegates.exclude(Q(diet="", access_needs="")).only(*SENSITIVE):
        stated = [name for name in SENSITIVE if getattr(delegate, name)]
        delegates.filter(pk=delegate.pk).update(consented_to=stated)


class Migration(migrations.Migration):
    dependencies = [("meetings", "0005_consent_to_sensitive_fields")]

    operations = [migrations.RunPython(note, migrations.RunPython.noop)]
