from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("calls", "0004_the_funds_form"),
    ]

    operations = [
        migrations.DeleteModel(name="CallAnswerEvent"),
        migrations.DeleteModel(name="CallAnswer"),
    ]
