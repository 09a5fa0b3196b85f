"""A meeting that changed is noted: the kept pages of projects name the meetings that dealt with them.

What counts as a change is what `updated_at` says, a project put to a meeting included; places taken
in a rush of registrations are none.
"""

from django.db import migrations

# Something else that pages show beside the projects: `projects.models.changes.Change.PAGES`.
PAGES = -2

FORWARD = f"""
CREATE FUNCTION meetings_note_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM projects_note_changes(ARRAY[{PAGES}]);
    RETURN NULL;
END $$;
CREATE TRIGGER note_updated AFTER UPDATE ON meetings_meeting
    FOR EACH ROW WHEN (OLD.updated_at IS DISTINCT FROM NEW.updated_at)
    EXECUTE FUNCTION meetings_note_changes();
"""

BACKWARD = "DROP FUNCTION meetings_note_changes() CASCADE;"


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0009_walk_ins_name_their_institution"),
        ("projects", "0007_log_every_name"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
