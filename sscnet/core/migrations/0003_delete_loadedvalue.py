from django.db import migrations


def delete_rights(apps, schema_editor):
    """Delete the kind of record, and with it the rights that Django made for it."""
    kinds = apps.get_model("contenttypes", "ContentType").objects
    kinds.filter(app_label="core", model="loadedvalue").delete()


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('core', '0002_initial'),
    ]

    operations = [
        migrations.DeleteModel(
            name='LoadedValue',
        ),
        migrations.RunPython(delete_rights, migrations.RunPython.noop),
    ]
