import django.core.validators
import django.db.models.deletion
import modeltrans.fields
from django.db import migrations, models

import sscnet.core.models.fields


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='PGTFArea',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60, unique=True, verbose_name='code')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('i18n', modeltrans.fields.TranslationField(fields=['name'], required_languages=(), virtual_fields=True)),
            ],
            options={
                'verbose_name': 'PGTF area',
                'verbose_name_plural': 'PGTF areas',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Topic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60, unique=True, verbose_name='code')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('sign', models.CharField(choices=[('biogas', 'digester'), ('bamboo', 'bamboo'), ('hydropower', 'water wheel'), ('mushrooms', 'mushrooms'), ('fish', 'fish'), ('water', 'water tap'), ('solar', 'solar panel'), ('crops', 'shield with a plant'), ('mountains', 'mountains and water'), ('egov', 'public office'), ('finance', 'coins and exchange'), ('women', 'woman'), ('people', 'people'), ('book', 'open book')], max_length=20, verbose_name='sign')),
                ('text', models.TextField(help_text='About 100 words; say what sources state.', verbose_name='text')),
                ('words', models.CharField(blank=True, help_text='With commas between them. What has one of these words belongs to the topic.', max_length=500, verbose_name='words')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                ('i18n', modeltrans.fields.TranslationField(fields=['name', 'text'], required_languages=(), virtual_fields=True)),
            ],
            options={
                'verbose_name': 'topic',
                'verbose_name_plural': 'topics',
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Country',
            fields=[
                ('iso2', models.CharField(max_length=2, primary_key=True, serialize=False, validators=[django.core.validators.RegexValidator('^[A-Z]{2}$', 'Write two capital letters.')], verbose_name='ISO code')),
                ('iso3', models.CharField(max_length=3, unique=True, verbose_name='ISO code, three letters')),
                ('m49', models.CharField(max_length=3, unique=True, verbose_name='UN M49 code')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('region', models.CharField(blank=True, choices=[('africa', 'Africa'), ('americas', 'Americas'), ('asia', 'Asia'), ('europe', 'Europe'), ('oceania', 'Oceania')], max_length=20, verbose_name='region')),
                ('subregion', models.CharField(blank=True, choices=[('northern-africa', 'Northern Africa'), ('sub-saharan-africa', 'Sub-Saharan Africa'), ('latin-america-and-the-caribbean', 'Latin America and the Caribbean'), ('northern-america', 'Northern America'), ('central-asia', 'Central Asia'), ('eastern-asia', 'Eastern Asia'), ('south-eastern-asia', 'South-eastern Asia'), ('southern-asia', 'Southern Asia'), ('western-asia', 'Western Asia'), ('eastern-europe', 'Eastern Europe'), ('northern-europe', 'Northern Europe'), ('southern-europe', 'Southern Europe'), ('western-europe', 'Western Europe'), ('australia-and-new-zealand', 'Australia and New Zealand'), ('melanesia', 'Melanesia'), ('micronesia', 'Micronesia'), ('polynesia', 'Polynesia')], max_length=40, verbose_name='sub-region')),
                ('g77', models.BooleanField(blank=True, null=True, verbose_name='member of the Group of 77')),
                ('ldc', models.BooleanField(blank=True, null=True, verbose_name='least developed country')),
                ('groups_as_of', sscnet.core.models.fields.PartialDateField(blank=True, max_length=10, verbose_name='groups of the UN as of')),
                ('lldc', models.BooleanField(blank=True, null=True, verbose_name='landlocked developing country')),
                ('sids', models.BooleanField(blank=True, null=True, verbose_name='small island developing state')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='note')),
                ('tile_column', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='column on the tile map')),
                ('tile_row', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='row on the tile map')),
                ('i18n', modeltrans.fields.TranslationField(fields=['name'], required_languages=(), virtual_fields=True)),
            ],
            options={
                'verbose_name': 'country',
                'verbose_name_plural': 'countries',
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('groups_as_of', ''), ('groups_as_of__regex', '^\\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\\d|3[01]))?)?$'), _connector='OR'), name='country_groups_as_of_partial_date', violation_error_message='Write a year, a month or a day: 2019, 2019-05 or 2019-05-21.'), models.UniqueConstraint(fields=('tile_column', 'tile_row'), name='country_tile_once', violation_error_message='Another country already has this place on the tile map.')],
            },
        ),
        migrations.CreateModel(
            name='CountryEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('iso2', models.CharField(max_length=2, serialize=False, validators=[django.core.validators.RegexValidator('^[A-Z]{2}$', 'Write two capital letters.')], verbose_name='ISO code')),
                ('iso3', models.CharField(max_length=3, verbose_name='ISO code, three letters')),
                ('m49', models.CharField(max_length=3, verbose_name='UN M49 code')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('region', models.CharField(blank=True, choices=[('africa', 'Africa'), ('americas', 'Americas'), ('asia', 'Asia'), ('europe', 'Europe'), ('oceania', 'Oceania')], max_length=20, verbose_name='region')),
                ('subregion', models.CharField(blank=True, choices=[('northern-africa', 'Northern Africa'), ('sub-saharan-africa', 'Sub-Saharan Africa'), ('latin-america-and-the-caribbean', 'Latin America and the Caribbean'), ('northern-america', 'Northern America'), ('central-asia', 'Central Asia'), ('eastern-asia', 'Eastern Asia'), ('south-eastern-asia', 'South-eastern Asia'), ('southern-asia', 'Southern Asia'), ('western-asia', 'Western Asia'), ('eastern-europe', 'Eastern Europe'), ('northern-europe', 'Northern Europe'), ('southern-europe', 'Southern Europe'), ('western-europe', 'Western Europe'), ('australia-and-new-zealand', 'Australia and New Zealand'), ('melanesia', 'Melanesia'), ('micronesia', 'Micronesia'), ('polynesia', 'Polynesia')], max_length=40, verbose_name='sub-region')),
                ('g77', models.BooleanField(blank=True, null=True, verbose_name='member of the Group of 77')),
                ('ldc', models.BooleanField(blank=True, null=True, verbose_name='least developed country')),
                ('groups_as_of', sscnet.core.models.fields.PartialDateField(blank=True, max_length=10, verbose_name='groups of the UN as of')),
                ('lldc', models.BooleanField(blank=True, null=True, verbose_name='landlocked developing country')),
                ('sids', models.BooleanField(blank=True, null=True, verbose_name='small island developing state')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='note')),
                ('tile_column', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='column on the tile map')),
                ('tile_row', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='row on the tile map')),
                ('i18n', modeltrans.fields.TranslationField(fields=['name'], required_languages=(), virtual_fields=True)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='codelists.country')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='DACSector',
            fields=[
                ('code', models.CharField(max_length=5, primary_key=True, serialize=False, verbose_name='code')),
                ('level', models.CharField(choices=[('category', 'category'), ('purpose', 'purpose')], max_length=10, verbose_name='level')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('name_fr', models.CharField(blank=True, max_length=250, verbose_name='name in French')),
                ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='purposes', to='codelists.dacsector', verbose_name='category')),
            ],
            options={
                'verbose_name': 'DAC sector',
                'verbose_name_plural': 'DAC sectors',
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='DACSectorEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('code', models.CharField(max_length=5, serialize=False, verbose_name='code')),
                ('level', models.CharField(choices=[('category', 'category'), ('purpose', 'purpose')], max_length=10, verbose_name='level')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('name_fr', models.CharField(blank=True, max_length=250, verbose_name='name in French')),
                ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                ('parent', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='codelists.dacsector', verbose_name='category')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='codelists.dacsector')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PGTFAreaEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('slug', models.SlugField(db_index=False, max_length=60, verbose_name='code')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('i18n', modeltrans.fields.TranslationField(fields=['name'], required_languages=(), virtual_fields=True)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='codelists.pgtfarea')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SDG',
            fields=[
                ('number', models.PositiveSmallIntegerField(primary_key=True, serialize=False, verbose_name='number')),
                ('name', models.CharField(max_length=120, verbose_name='short name')),
                ('full_name', models.CharField(max_length=500, verbose_name='full name')),
                ('color', models.CharField(max_length=7, verbose_name='colour')),
                ('i18n', modeltrans.fields.TranslationField(fields=['name', 'full_name'], required_languages=(), virtual_fields=True)),
            ],
            options={
                'verbose_name': 'SDG',
                'verbose_name_plural': 'SDGs',
                'ordering': ['number'],
                'constraints': [models.CheckConstraint(condition=models.Q(('number__range', (1, 17))), name='sdg_number_range', violation_error_message='The goals are numbered 1 to 17.')],
            },
        ),
        migrations.CreateModel(
            name='SDGEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('number', models.PositiveSmallIntegerField(serialize=False, verbose_name='number')),
                ('name', models.CharField(max_length=120, verbose_name='short name')),
                ('full_name', models.CharField(max_length=500, verbose_name='full name')),
                ('color', models.CharField(max_length=7, verbose_name='colour')),
                ('i18n', modeltrans.fields.TranslationField(fields=['name', 'full_name'], required_languages=(), virtual_fields=True)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='codelists.sdg')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Sector',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60, unique=True, verbose_name='code')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('i18n', modeltrans.fields.TranslationField(fields=['name'], required_languages=(), virtual_fields=True)),
                ('dac_category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='codelists.dacsector', verbose_name='DAC category')),
                ('dac_purpose', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='codelists.dacsector', verbose_name='DAC purpose')),
                ('topic', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='sectors', to='codelists.topic', verbose_name='topic')),
            ],
            options={
                'verbose_name': 'sector',
                'verbose_name_plural': 'sectors',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='SectorEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('slug', models.SlugField(db_index=False, max_length=60, verbose_name='code')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('i18n', modeltrans.fields.TranslationField(fields=['name'], required_languages=(), virtual_fields=True)),
                ('dac_category', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='codelists.dacsector', verbose_name='DAC category')),
                ('dac_purpose', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='codelists.dacsector', verbose_name='DAC purpose')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='codelists.sector')),
                ('topic', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='codelists.topic', verbose_name='topic')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='TopicEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('slug', models.SlugField(db_index=False, max_length=60, verbose_name='code')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('sign', models.CharField(choices=[('biogas', 'digester'), ('bamboo', 'bamboo'), ('hydropower', 'water wheel'), ('mushrooms', 'mushrooms'), ('fish', 'fish'), ('water', 'water tap'), ('solar', 'solar panel'), ('crops', 'shield with a plant'), ('mountains', 'mountains and water'), ('egov', 'public office'), ('finance', 'coins and exchange'), ('women', 'woman'), ('people', 'people'), ('book', 'open book')], max_length=20, verbose_name='sign')),
                ('text', models.TextField(help_text='About 100 words; say what sources state.', verbose_name='text')),
                ('words', models.CharField(blank=True, help_text='With commas between them. What has one of these words belongs to the topic.', max_length=500, verbose_name='words')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                ('i18n', modeltrans.fields.TranslationField(fields=['name', 'text'], required_languages=(), virtual_fields=True)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='codelists.topic')),
            ],
            options={
                'abstract': False,
            },
        ),
    ]
