"""Make four roles of eight groups.

Who published keeps publishing, as Officer; who entered stays Helper. A travel officer becomes
Helper and keeps the sight of passports, now given by name; issuing letters is an Officer's. Who
only read, records or proposals, is Reader. What an operator added to a group that is renamed stays.
"""

from django.db import migrations

RENAMED = {
    "Publishers": "Officer",
    "Editors": "Helper",
    "Door staff": "Door",
    "Read only": "Reader",
}
JOINED = {
    "Meetings officers": "Officer",
    "Calls officers": "Officer",
    "Travel officers": "Helper",
    "Readers of proposals": "Reader",
}


def make_roles(apps, schema_editor):
    groups = apps.get_model("auth", "Group").objects
    permissions = apps.get_model("auth", "Permission").objects
    for old, new in RENAMED.items():
        groups.filter(name=old).update(name=new)
    for old, new in JOINED.items():
        for group in groups.filter(name=old):
            role, _is_new = groups.get_or_create(name=new)
            role.user_set.add(*group.user_set.all())
            if old == "Travel officers":
                for right in permissions.filter(codename="see_passport"):
                    right.user_set.add(*group.user_set.all())
            group.delete()


class Migration(migrations.Migration):
    dependencies = [
        ("secretariat", "0001_initial"),
        ("members", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
