from django.db import migrations


def keep_the_first_note(apps, schema_editor):
    """Delete later notes of the same person at the same meeting, written in another case."""
    walk_ins = apps.get_model("meetings", "Attendance").objects.filter(
        delegate=None, erased_at=None
    )
    seen = set()
    for one in walk_ins.order_by("pk"):
        person = one.meeting_id, one.name.upper(), one.institution_as_stated.upper()
        if person in seen:
            one.delete()
        seen.add(person)


class Migration(migrations.Migration):
    dependencies = [("meetings", "0013_opening_told_and_drafts_reminded")]

    operations = [migrations.RunPython(keep_the_first_note, migrations.RunPython.noop)]
