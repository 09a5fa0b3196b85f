from django.db import migrations, models

from sscnet.core.models.fields import InSomeLanguage

TEXTS = [
    ("datedfigure", "label", "dated_figure_in_some_language", models.CharField(blank=True, max_length=120, verbose_name='label')),
    ("pagepicture", "alt", "pagepicture_alt_in_some_language", models.CharField(blank=True, help_text='What the picture shows, for people who cannot see it.', max_length=300, verbose_name='alternative text')),
]


class Migration(migrations.Migration):
    """Ask for a text in one of the languages, whichever it is."""

    dependencies = [
        ('secretariat', '0006_reports_published'),
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
