from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("core", "0008_no_saved_views")]

    operations = [
        migrations.AlterModelTable("change", "core_change"),
        migrations.RenameModel("Change", "LoggedChange"),
    ]
