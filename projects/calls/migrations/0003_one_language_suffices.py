from django.db import migrations, models

from sscnet.core.models.fields import InSomeLanguage

TEXTS = [
    ("criterion", "name", "criterion_in_some_language", models.CharField(blank=True, max_length=200, verbose_name='name')),
    ("requiredpaper", "name", "required_paper_in_some_language", models.CharField(blank=True, max_length=200, verbose_name='name')),
]


class Migration(migrations.Migration):
    """Ask for a text in one of the languages, whichever it is."""

    dependencies = [
        ('calls', '0002_leaner_calls'),
    ]

    operations = [
        *(
            migrations.AlterField(model + event, name, field)
            for model, name, _constraint, field in TEXTS
            for event in ("", "event")
        ),
        *(
            migrations.AddConstraint(model, InSomeLanguage(field=name, name=constraint))
            for model, name, constraint, _field in TEXTS
        ),
    ]
