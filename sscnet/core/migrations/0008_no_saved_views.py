from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("core", "0007_why_a_record_is_withdrawn")]

    operations = [migrations.DeleteModel(name="SavedView")]
