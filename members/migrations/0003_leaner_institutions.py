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
# Django leaves the rights on a model that is gone, which forms of groups would still show.
RIGHTS = """
    CREATE TEMPORARY TABLE gone ON COMMIT DROP AS
        SELECT auth_permission.id FROM auth_permission
        JOIN django_content_type ON django_content_type.id = content_type_id
        WHERE app_label = 'members' AND model IN ('servicesector', 'servicesectorevent');
    DELETE FROM auth_group_permissions WHERE permission_id IN (SELECT id FROM gone);
    DELETE FROM members_user_user_permissions WHERE permission_id IN (SELECT id FROM gone);
    DELETE FROM auth_permission WHERE id IN (SELECT id FROM gone);
    SET CONSTRAINTS ALL IMMEDIATE;
"""
KINDS = [('acronym', 'acronym'), ('former', 'former name'), ('alias', 'other spelling or name')]


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0002_services'),
    ]

    operations = [
        migrations.RunSQL(KEEP),
        migrations.RunSQL(RIGHTS),
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
