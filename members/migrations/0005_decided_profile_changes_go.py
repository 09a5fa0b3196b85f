"""What waited or was returned stays as the institution's draft, to be sent again as a version."""

from django.db import migrations


def delete_decided(apps, schema_editor):
    proposals = apps.get_model("members", "ProfileProposal").objects
    proposals.filter(state__in=["accepted", "partly_accepted", "withdrawn"]).delete()


class Migration(migrations.Migration):
    dependencies = [("members", "0004_unused_accounts")]

    operations = [migrations.RunPython(delete_decided, migrations.RunPython.noop)]
