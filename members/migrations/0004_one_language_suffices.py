from django.db import migrations, models

from sscnet.core.models.fields import InSomeLanguage

TEXTS = [
    ("logo", "alt", "logo_alt_in_some_language", models.CharField(blank=True, help_text='What the picture shows, for people who cannot see it.', max_length=300, verbose_name='alternative text')),
]


class Migration(migrations.Migration):
    """Ask for a text in one of the languages, whichever it is."""

    dependencies = [
        ('members', '0003_leaner_institutions'),
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
