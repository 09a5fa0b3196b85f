from django.db import migrations

# No search asks titles alone: they are compared in the documents that their words found.
FUNCTION = """
CREATE FUNCTION search_found_in_titles(asked text, question tsquery) RETURNS text[]
LANGUAGE sql STABLE SET enable_seqscan = off AS $$
    SELECT ARRAY(
        SELECT key FROM search_document WHERE titles @@ question AND (kind = asked) IS TRUE
    )
$$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('search', '0002_all_renewed_by_a_search'),
    ]

    operations = [
        migrations.RunSQL('DROP FUNCTION search_found_in_titles(text, tsquery);', FUNCTION),
        migrations.RemoveIndex(
            model_name='document',
            name='search_titles',
        ),
    ]
