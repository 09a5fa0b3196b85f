"""Each published meeting gets a retention day: 90 days after its last day, as new ones do."""

from datetime import date, timedelta

from django.conf import settings
from django.db import migrations
from django.utils import timezone


def fill(apps, schema_editor):
    meetings = apps.get_model("meetings", "Meeting").objects.filter(retain_until=None)
    for meeting in meetings.only("ends_on", "year", "capacity", "state"):
        last = meeting.ends_on or (date(meeting.year, 12, 31) if meeting.year else None)
        if last is None and meeting.state == "published":
            # People may still come to it: not before its days can be known.
            today = timezone.localdate()
            last = today if meeting.capacity is None else today + timedelta(days=365)
        if last:
            day = last + timedelta(days=settings.MEETING_RETENTION_DAYS)
            meetings.filter(pk=meeting.pk).update(retain_until=day)


class Migration(migrations.Migration):
    dependencies = [("meetings", "0002_letters_as_scans")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
