"""Imports from answers of institutions, known by the name of their file until now, name the answer."""

import re

from django.db import migrations

FILE_NAME = re.compile(r"answer-(\d+) ")
ABOUT = {
    "projects.project": "projects",
    "meetings.meeting": "activities",
    "members.institution": "services",
}


def name_answers(apps, schema_editor):
    """Take the last answer about such records that the institution had sent by then."""
    ImportBatch = apps.get_model("core", "ImportBatch")
    SubmittedAnswer = apps.get_model("secretariat", "SubmittedAnswer")
    for batch in ImportBatch.objects.filter(file_name__startswith="answer-"):
        institution = FILE_NAME.match(batch.file_name)
        answers = SubmittedAnswer.objects.filter(
            submission__response__institution=int(institution[1]) if institution else None,
            submission__sent_at__lte=batch.imported_at,
            question__about=ABOUT.get(batch.model),
        )
        if answer := answers.order_by("submission__sent_at").last():
            batch.answer = answer.pk
            batch.save(update_fields=["answer"])


class Migration(migrations.Migration):

    dependencies = [
        ("core", "0003_imports_of_answers"),
        ("secretariat", "0012_responses_are_drafts"),
    ]

    operations = [
        migrations.RunPython(name_answers, migrations.RunPython.noop),
    ]
