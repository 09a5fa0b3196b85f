from django.db import migrations, models

# A name in another language is another name; the sectors of a service become those of its institution.
# Triggers name the column; `migrate` makes them anew at its end.
KEEP = """
    INSERT INTO members_institutionsector (institution_id, sector_id)
        SELECT DISTINCT institution_id, sector_id FROM members_servicesector
        JOIN members_service ON members_service.id = service_id ON CONFLICT DO NOTHING;
    UPDATE members_institutionname SET kind = 'alias' WHERE kind = 'other_language';
    SET CONSTRAINTS ALL IMMEDIATE;
    DROP TRIGGER IF EXISTS pgtrigger_insert_insert_86363 ON members_institutionname;
    DROP TRIGGER IF EXISTS pgtrigger_update_update_c7d62 ON members_institutionname;
    DROP TRIGGER IF EXISTS pgtrigger_delete_delete_b5c4b ON members_institutionname;
"""
KINDS = [('acronym', 'acronym'), ('former', 'former name'), ('alias', 'other spelling or name')]


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0002_services'),
    ]

    operations = [
        migrations.RunSQL(KEEP),
        migrations.RemoveField('institutionname', 'language'),
        migrations.RemoveField('institutionnameevent', 'language'),
        migrations.AlterField(
            'institutionname',
            'kind',
            models.CharField(choices=KINDS, default='alias', max_length=20, verbose_name='kind'),
        ),
        migrations.AlterField(
            'institutionnameevent',
            'kind',
            models.CharField(choices=KINDS, default='alias', max_length=20, verbose_name='kind'),
        ),
        migrations.RemoveField('service', 'sectors'),
        migrations.DeleteModel('ServiceSectorEvent'),
        migrations.DeleteModel('ServiceSector'),
    ]
