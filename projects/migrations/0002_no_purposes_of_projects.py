from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0001_initial"),
    ]

    operations = [
        migrations.RemoveField(model_name="project", name="dac_purposes"),
        migrations.DeleteModel(name="ProjectPurposeEvent"),
        migrations.DeleteModel(name="ProjectPurpose"),
    ]
