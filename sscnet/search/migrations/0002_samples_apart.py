"""Samples are found only where they are shown: documents and words say whose they are."""

from django.db import migrations, models

FUNCTIONS = """
DROP FUNCTION search_finds_any(tsquery);
DROP FUNCTION search_found(text, tsquery, tsquery[]);

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

CREATE FUNCTION search_finds_any(question tsquery, with_samples boolean) RETURNS boolean
LANGUAGE sql STABLE SET enable_seqscan = off AS $$
    SELECT EXISTS (
        SELECT FROM search_document WHERE words @@ question AND is_sample <= with_samples
    )
$$;
"""
FUNCTIONS_BEFORE = """
DROP FUNCTION search_finds_any(tsquery, boolean);
DROP FUNCTION search_found(text, tsquery, tsquery[], boolean);

CREATE FUNCTION search_found(asked text, plain tsquery, phrases tsquery[]) RETURNS text[]
LANGUAGE sql STABLE SET enable_seqscan = off AS $$
    SELECT ARRAY(
        SELECT key FROM search_document WHERE words @@ plain AND (kind = asked) IS TRUE
        UNION ALL
        SELECT key FROM search_document
        WHERE words @@ ANY (phrases) AND (kind = asked) IS TRUE AND NOT words @@ plain
    )
$$;

CREATE FUNCTION search_finds_any(question tsquery) RETURNS boolean
LANGUAGE sql STABLE SET enable_seqscan = off AS $$
    SELECT EXISTS (SELECT FROM search_document WHERE words @@ question)
$$;
"""
# The next searches write all documents anew, from the records.
FORGET = "TRUNCATE search_document, search_word, search_renewal"


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [
        migrations.AddField("document", "is_sample", models.BooleanField(default=False)),
        migrations.AddField("word", "is_sample", models.BooleanField(default=False)),
        migrations.RunSQL(FUNCTIONS, FUNCTIONS_BEFORE),
        migrations.RunSQL(FORGET, migrations.RunSQL.noop),
    ]
