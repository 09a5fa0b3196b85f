from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("meetings", "0025_one_statement_a_side")]

    operations = [migrations.DeleteModel(name="CalendarToken")]
