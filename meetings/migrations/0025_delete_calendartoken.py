from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("meetings", "0024_places_of_merged_delegations")]

    operations = [migrations.DeleteModel(name="CalendarToken")]
