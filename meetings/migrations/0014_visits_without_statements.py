from django.db import migrations

from sscnet.core.database.triggers import drop_triggers


def into_reports(apps, schema_editor):
    """Add what the sides of a visit said to the report of the meeting, in each language."""
    sides = apps.get_model("meetings", "MeetingInstitution").objects.order_by("id")
    meetings = apps.get_model("meetings", "Meeting").objects
    for side in sides.select_related("institution"):
        words, name = side.i18n or {}, side.institution
        chinese_name = (name.i18n or {}).get("name_zh_hans") or name.name
        chinese = words.get("statement_zh_hans")
        if side.statement or chinese:
            meeting = meetings.get(pk=side.meeting_id)
            texts = meeting.i18n or {}
            if side.statement:
                said = f"{name.name or chinese_name}: {side.statement}"
                meeting.report = "\n\n".join(filter(None, [meeting.report, said]))
            if chinese:
                said = f"{chinese_name}：{chinese}"
                former = texts.get("report_zh_hans")
                texts["report_zh_hans"] = "\n\n".join(filter(None, [former, said]))
            meetings.filter(pk=meeting.pk).update(report=meeting.report, i18n=texts)


class Migration(migrations.Migration):
    dependencies = [("meetings", "0013_kinds_of_files")]

    operations = [
        migrations.RunPython(into_reports, migrations.RunPython.noop),
        drop_triggers('meetings_meetinginstitution'),
        migrations.RemoveField(model_name="meetinginstitution", name="i18n"),
        migrations.RemoveField(model_name="meetinginstitution", name="statement"),
        migrations.RemoveField(model_name="meetinginstitutionevent", name="i18n"),
        migrations.RemoveField(model_name="meetinginstitutionevent", name="statement"),
    ]
