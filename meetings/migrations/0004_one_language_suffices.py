from django.db import migrations, models

from sscnet.core.models.fields import InSomeLanguage

TEXTS = [
    ("actionpoint", "text", "action_point_in_some_language", models.TextField(blank=True, verbose_name='what is to be done')),
    ("agendaitem", "title", "agenda_item_in_some_language", models.CharField(blank=True, max_length=300, verbose_name='title')),
    ("meetingpicture", "alt", "meetingpicture_alt_in_some_language", models.CharField(blank=True, help_text='What the picture shows, for people who cannot see it.', max_length=300, verbose_name='alternative text')),
    ("meetingquestion", "text", "question_in_some_language", models.CharField(blank=True, help_text='Do not ask about health or belief: there are separate fields for diet and access needs.', max_length=300, verbose_name='question')),
    ("meetingseries", "name", "series_name_in_some_language", models.CharField(blank=True, max_length=200, verbose_name='name')),
    ("workshop", "title", "workshop_in_some_language", models.CharField(blank=True, max_length=300, verbose_name='title')),
]


class Migration(migrations.Migration):
    """Ask for a text in one of the languages, whichever it is."""

    dependencies = [
        ('meetings', '0003_no_change_of_rule'),
        ('members', '0004_one_language_suffices'),
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
