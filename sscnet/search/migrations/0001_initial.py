"""What records are found by, and functions that look it up in the index and nowhere else."""

import django.contrib.postgres.indexes
import django.contrib.postgres.operations
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

# The planner knows how many rows a table has, but not how long their texts are: among a thousand
# projects it reads all texts, which takes ten times as long as the index, and among a hundred
# thousand all that the key's index gives of a kind, seconds; so it is not to see that it could.
FUNCTIONS = """
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

CREATE FUNCTION search_found_in_titles(asked text, question tsquery) RETURNS text[]
LANGUAGE sql STABLE SET enable_seqscan = off AS $$
    SELECT ARRAY(
        SELECT key FROM search_document WHERE titles @@ question AND (kind = asked) IS TRUE
    )
$$;

CREATE FUNCTION search_finds_any(question tsquery, with_samples boolean) RETURNS boolean
LANGUAGE sql STABLE SET enable_seqscan = off AS $$
    SELECT EXISTS (
        SELECT FROM search_document WHERE words @@ question AND is_sample <= with_samples
    )
$$;
"""
DROP_FUNCTIONS = """
DROP FUNCTION search_finds_any(tsquery, boolean);
DROP FUNCTION search_found_in_titles(text, tsquery);
DROP FUNCTION search_found(text[], tsquery, tsquery[], boolean);
"""
# The long columns are kept beside the table: what a search reads of it stays narrow. Names are
# read one by one and stay in it.
STORAGE = """
ALTER TABLE search_document SET (toast_tuple_target = 128);
ALTER TABLE search_document ALTER names SET STORAGE MAIN, ALTER pinyin SET STORAGE MAIN;
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        # Tells how far apart two spellings are. Trusted: the owner of the database may create it.
        django.contrib.postgres.operations.CreateExtension(
            name='fuzzystrmatch',
        ),
        migrations.CreateModel(
            name='Renewal',
            fields=[
                ('kind', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('stamp', models.TextField()),
                ('is_behind', models.BooleanField()),
            ],
        ),
        migrations.CreateModel(
            name='Synonym',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60, unique=True, verbose_name='code')),
                ('words', models.CharField(help_text='English and Chinese, with commas between them: mushroom, 蘑菇, 食用菌', max_length=500, verbose_name='words')),
                ('says_nothing', models.BooleanField(default=False, help_text='Words of need and grammar, which say nothing of a subject: who can, 有没有.', verbose_name='left out of questions')),
            ],
            options={
                'verbose_name': 'synonyms',
                'verbose_name_plural': 'synonyms of the search',
                'ordering': ['slug'],
            },
        ),
        migrations.CreateModel(
            name='Word',
            fields=[
                ('word', models.CharField(db_collation='C', max_length=60, primary_key=True, serialize=False)),
                ('lexeme', models.CharField(db_collation='C', max_length=60)),
                ('is_sample', models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('pk', models.CompositePrimaryKey('kind', 'key', blank=True, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=20)),
                ('key', models.CharField(max_length=20)),
                ('updated_at', models.DateTimeField(null=True)),
                ('words', django.contrib.postgres.search.SearchVectorField(null=True)),
                ('titles', django.contrib.postgres.search.SearchVectorField(null=True)),
                ('names', django.contrib.postgres.search.SearchVectorField(null=True)),
                ('pinyin', models.TextField(blank=True)),
                ('is_sample', models.BooleanField(default=False)),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['words'], name='search_words'), django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['titles'], name='search_titles'), models.Index(condition=models.Q(('names__isnull', False)), fields=['kind'], name='search_names')],
            },
        ),
        migrations.CreateModel(
            name='SynonymEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('slug', models.SlugField(db_index=False, max_length=60, verbose_name='code')),
                ('words', models.CharField(help_text='English and Chinese, with commas between them: mushroom, 蘑菇, 食用菌', max_length=500, verbose_name='words')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='search.synonym')),
                ('says_nothing', models.BooleanField(default=False, help_text='Words of need and grammar, which say nothing of a subject: who can, 有没有.', verbose_name='left out of questions')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.RunSQL(STORAGE, migrations.RunSQL.noop),
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        migrations.CreateModel(
            name='UnmetWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('word', models.CharField(max_length=40, verbose_name='word')),
                ('count', models.PositiveIntegerField(verbose_name='questions')),
            ],
            options={
                'verbose_name': 'word of questions without an answer',
                'verbose_name_plural': 'words of questions without an answer',
                'ordering': ['-day', '-count', 'word'],
                'constraints': [models.UniqueConstraint(fields=('day', 'word'), name='unmet_word')],
            },
        ),
    ]
