from django.db import migrations, models

from sscnet.core.database.triggers import drop_triggers

TEXTS = [
    *('title', 'beneficiaries', 'situation', 'strategy', 'intended_outcome', 'outcome_indicator'),
]
OTHERS = [
    *('applicant', 'scope', 'language', 'area', 'starts_in', 'ends_in', 'beneficiaries_number'),
    *('contact_name', 'contact_latin_name', 'contact_position', 'contact_email', 'contact_phone'),
]
OF_PEOPLE = [
    *('contact_name', 'contact_latin_name', 'contact_position', 'contact_email', 'contact_phone'),
    'papers',
]
AMOUNTS = ['fund_usd', 'cash_usd', 'kind_usd']


def in_words(content, language):
    """Return what a version, kept by columns so far, says in a language."""
    is_chinese = language == 'zh-hans'

    def word(value):
        if isinstance(value, dict):
            return str(value.get(language) or value.get('en') or '')
        return f'{value:,}' if isinstance(value, int) else str(value or '')

    def text(row, name):
        return word(row.get(f'{name}_zh_hans' if is_chinese else name))

    def rows(name):
        return content.get(name) or []

    names = {row['id']: text(row, 'name') for row in rows('outputs')}

    def output_of(line):
        output = line.get('output')
        whole = '整个项目' if is_chinese else 'the whole project'
        return names.get(output['code'], word(output)) if output else whole

    def paper(row):
        people = [row.get('person_name'), row.get('person_position'), row.get('signed_on')]
        yes, no = ('是', '否') if is_chinese else ('yes', 'no')
        return {
            'paper': ': '.join(filter(None, [word(row.get('paper')), word(row.get('country'))])),
            'institution': word(row.get('institution_name')),
            'signed_by': ', '.join(filter(None, people)) if row.get('person_name') else '',
            'is_there': yes if row.get('file') else no,
        }

    found = {name: text(content, name) for name in TEXTS}
    found |= {name: word(content.get(name)) for name in OTHERS}
    if not is_chinese:
        found['contact_name'] = found['contact_latin_name'] or found['contact_name']
    found['outputs'] = [
        {name: text(row, name) for name in ('name', 'activities', 'inputs')}
        | {'by_undp': '', 'asked_usd': ''}
        for row in rows('outputs')
    ]
    found['countries'] = [
        {name: word(row.get(name)) for name in ('country', 'role')}
        for row in rows('proposal_countries')
    ]
    found['partners'] = [
        {
            'institution': word(row.get('institution')) or word(row.get('name')),
            'country': word(row.get('country')),
            'role': word(row.get('role')),
        }
        for row in rows('partners')
    ]
    found['papers'] = [paper(row) for row in rows('endorsements')]
    found['budget'] = [
        {'year': word(row.get('year')), 'output': output_of(row), 'purpose': text(row, 'purpose')}
        | {name: word(row.get(name) or 0) for name in AMOUNTS}
        | {'sum_usd': word(sum(row.get(name) or 0 for name in AMOUNTS))}
        for row in rows('budget_lines')
    ]
    found['revised'] = [
        {'year': word(row.get('year')), 'output': output_of(row), 'purpose': text(row, 'purpose')}
        | {'revised': word(row['revised_usd'])}
        for row in rows('budget_lines')
        if isinstance(row.get('revised_usd'), int)
    ]
    return found


def put_in_words(apps, schema_editor):
    """Keep the versions that were sent as they read, in each language."""
    for version in apps.get_model('calls', 'ProposalVersion').objects.exclude(content__has_key='en'):
        content = version.content
        version.content = {code: in_words(content, code) for code in ('en', 'zh-hans')}
        version.people = {
            code: {name: texts.pop(name) for name in OF_PEOPLE}
            for code, texts in version.content.items()
        }
        version.save(update_fields=['content', 'people'])


class Migration(migrations.Migration):

    dependencies = [
        ('calls', '0009_outputs_as_they_came'),
    ]

    operations = [
        migrations.AddField(
            model_name='proposalversion',
            name='people',
            field=models.JSONField(db_default={}, default=dict),
        ),
        drop_triggers('calls_proposalversion'),
        migrations.RunPython(put_in_words, migrations.RunPython.noop),
    ]
