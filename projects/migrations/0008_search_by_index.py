"""Functions that look words up in the index and nowhere else."""

from django.db import migrations

# The planner knows how many rows a table has, but not how long their texts are: among a thousand
# projects it reads all texts, which takes ten times as long as the index.
FORWARD = """
CREATE FUNCTION projects_found(plain tsquery[], phrases tsquery[]) RETURNS bigint[]
LANGUAGE sql STABLE SET enable_seqscan = off AS $$
    SELECT ARRAY(
        SELECT project_id FROM projects_searchentry WHERE words @@ ANY (plain)
        UNION ALL
        SELECT project_id FROM projects_searchentry
        WHERE words @@ ANY (phrases) AND NOT words @@ ANY (plain)
    )
$$;

CREATE FUNCTION projects_found_in_titles(questions tsquery[]) RETURNS bigint[]
LANGUAGE sql STABLE SET enable_seqscan = off AS $$
    SELECT ARRAY(SELECT project_id FROM projects_searchentry WHERE titles @@ ANY (questions))
$$;

CREATE FUNCTION projects_finds_any(question tsquery) RETURNS boolean
LANGUAGE sql STABLE SET enable_seqscan = off AS $$
    SELECT EXISTS (SELECT FROM projects_searchentry WHERE words @@ question)
$$;
"""

BACKWARD = """
DROP FUNCTION projects_finds_any(tsquery);
DROP FUNCTION projects_found_in_titles(tsquery[]);
DROP FUNCTION projects_found(tsquery[], tsquery[]);
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0007_log_every_name")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
