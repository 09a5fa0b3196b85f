"""Programme and report of a side become one statement; what was confirmed without a text goes."""

from collections import defaultdict

from django.db import migrations, models


def join(apps, schema_editor):
    """Join each side's texts: what is public, and what waits; else what was given back.

    What waits is joined with the other part as it is public, and so is newer than that.
    """
    statements = apps.get_model("meetings", "VisitStatement").objects
    statements.filter(kind="confirmation").delete()
    sides = defaultdict(list)
    for row in statements.order_by("sent_at", "id"):
        sides[row.meeting_id, row.institution_id].append(row)
    for rows in sides.values():
        public = {row.kind: row for row in rows if row.released_at}
        waiting = {row.kind: row for row in rows if not (row.released_at or row.returned_at)}
        returned = {row.kind: row for row in rows if row.returned_at}
        kept = [save(public, public)]
        kept.append(save(waiting, public | waiting))
        if not any(kept):
            kept.append(save(returned, returned))
        statements.filter(pk__in={row.pk for row in rows} - set(kept)).delete()


def save(of_state, parts):
    """Keep the newest of a state, with the texts of all parts in it; return its key."""
    if not of_state:
        return None
    row = max(of_state.values(), key=lambda one: (one.sent_at, one.pk))
    # The programme stands before the report.
    both = [parts[kind] for kind in sorted(parts)]
    chinese = [(one.i18n or {}).get("text_zh_hans") for one in both]
    row.text = "\n\n".join(one.text for one in both if one.text)
    row.i18n = {"text_zh_hans": "\n\n".join(filter(None, chinese))} if any(chinese) else {}
    row.save(update_fields=["text", "i18n"])
    return row.pk


class Migration(migrations.Migration):

    dependencies = [
        ("meetings", "0024_places_of_merged_delegations"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="visitstatement",
            name="visit_statement_waits_once",
        ),
        migrations.RunPython(join, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name="visitstatement",
            name="kind",
        ),
        migrations.AddConstraint(
            model_name="visitstatement",
            constraint=models.UniqueConstraint(
                condition=models.Q(released_at=None, returned_at=None),
                fields=("meeting", "institution"),
                name="visit_statement_waits_once",
            ),
        ),
    ]
