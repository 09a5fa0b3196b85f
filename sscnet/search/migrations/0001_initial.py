"""What records are found by, and functions that look it up in the index and nowhere else."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.contrib.postgres.operations import CreateExtension
from django.db import migrations, models

# The planner knows how many rows a table has, but not how long their texts are: among a thousand
# projects it reads all texts, which takes ten times as long as the index, and among a hundred
# thousand all that the key's index gives of a kind, seconds; so it is not to see that it could.
FUNCTIONS = """
CREATE FUNCTION search_found(asked text, plain tsquery, phrases tsquery[]) RETURNS text[]
LANGUAGE sql STABLE SET enable_seqscan = off AS $$
    SELECT ARRAY(
        SELECT key FROM search_document WHERE words @@ plain AND (kind = asked) IS TRUE
        UNION ALL
        SELECT key FROM search_document
        WHERE words @@ ANY (phrases) AND (kind = asked) IS TRUE AND NOT words @@ plain
    )
$$;

CREATE FUNCTION search_found_in_titles(asked text, question tsquery) RETURNS text[]
LANGUAGE sql STABLE SET enable_seqscan = off AS $$
    SELECT ARRAY(
        SELECT key FROM search_document WHERE titles @@ question AND (kind = asked) IS TRUE
    )
$$;

CREATE FUNCTION search_finds_any(question tsquery) RETURNS boolean
LANGUAGE sql STABLE SET enable_seqscan = off AS $$
    SELECT EXISTS (SELECT FROM search_document WHERE words @@ question)
$$;
"""
DROP_FUNCTIONS = """
DROP FUNCTION search_finds_any(tsquery);
DROP FUNCTION search_found_in_titles(text, tsquery);
DROP FUNCTION search_found(text, tsquery, tsquery[]);
"""
# The long columns are kept beside the table: what a search reads of it stays narrow. Names are
# read one by one and stay in it.
STORAGE = """
ALTER TABLE search_document SET (toast_tuple_target = 128);
ALTER TABLE search_document ALTER names SET STORAGE MAIN, ALTER pinyin SET STORAGE MAIN;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [("core", "0001_initial")]

    operations = [
        # Tells how far apart two spellings are. Trusted: the owner of the database may create it.
        CreateExtension("fuzzystrmatch"),
        migrations.CreateModel(
            name="Renewal",
            fields=[
                ("kind", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("stamp", models.TextField()),
                ("is_behind", models.BooleanField()),
            ],
        ),
        migrations.CreateModel(
            name="Word",
            fields=[
                (
                    "word",
                    models.CharField(
                        db_collation="C", max_length=60, primary_key=True, serialize=False
                    ),
                ),
                ("lexeme", models.CharField(db_collation="C", max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "kind",
                        "key",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("key", models.CharField(max_length=20)),
                ("updated_at", models.DateTimeField(null=True)),
                ("words", django.contrib.postgres.search.SearchVectorField(null=True)),
                ("titles", django.contrib.postgres.search.SearchVectorField(null=True)),
                ("names", django.contrib.postgres.search.SearchVectorField(null=True)),
                ("pinyin", models.TextField(blank=True)),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["words"], name="search_words"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["titles"], name="search_titles"
                    ),
                    models.Index(
                        condition=models.Q(("names__isnull", False)),
                        fields=["kind"],
                        name="search_names",
                    ),
                ],
            },
        ),
        migrations.RunSQL(STORAGE, migrations.RunSQL.noop),
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
    ]
