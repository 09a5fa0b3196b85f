"""One look into the index finds the records of several kinds."""

from django.db import migrations

FUNCTION = """
DROP FUNCTION search_found(text, tsquery, tsquery[], boolean);

CREATE FUNCTION search_found(
    asked text[], plain tsquery, phrases tsquery[], with_samples boolean
) RETURNS TABLE (kind text, keys text[])
LANGUAGE sql STABLE SET enable_seqscan = off AS $$
    SELECT hit.kind, array_agg(hit.key) FROM (
        SELECT one.kind, one.key FROM search_document AS one
        WHERE one.words @@ plain
            AND (one.kind = ANY (asked) AND one.is_sample <= with_samples) IS TRUE
        UNION ALL
        SELECT one.kind, one.key FROM search_document AS one
        WHERE one.words @@ ANY (phrases)
            AND (one.kind = ANY (asked) AND one.is_sample <= with_samples) IS TRUE
            AND NOT one.words @@ plain
    ) AS hit
    GROUP BY hit.kind
$$;
"""
FUNCTION_BEFORE = """
DROP FUNCTION search_found(text[], tsquery, tsquery[], boolean);

CREATE FUNCTION search_found(
    asked text, plain tsquery, phrases tsquery[], with_samples boolean
) RETURNS text[]
LANGUAGE sql STABLE SET enable_seqscan = off AS $$
    SELECT ARRAY(
        SELECT key FROM search_document
        WHERE words @@ plain AND (kind = asked AND is_sample <= with_samples) IS TRUE
        UNION ALL
        SELECT key FROM search_document
        WHERE words @@ ANY (phrases) AND (kind = asked AND is_sample <= with_samples) IS TRUE
            AND NOT words @@ plain
    )
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("search", "0002_samples_apart")]

    operations = [migrations.RunSQL(FUNCTION, FUNCTION_BEFORE)]
