"""Who confirmed what an officer gives; what officers invited to and is open waits for it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def let_open_ones_wait(apps, schema_editor):
    invitations = apps.get_model("members", "Invitation").objects
    unused = invitations.filter(accepted_at=None, withdrawn_at=None)
    unused.filter(invited_by__is_staff=True).update(needs_confirmation=True)


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0006_mails_of_needs'),
    ]

    operations = [
        migrations.AddField(
            model_name='affiliation',
            name='confirmed_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by'),
        ),
        migrations.AddField(
            model_name='affiliationevent',
            name='confirmed_by',
            field=models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='confirmed_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='confirmed'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='confirmed_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='needs_confirmation',
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddField(
            model_name='invitation',
            name='officers_told_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='invitationevent',
            name='confirmed_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='confirmed'),
        ),
        migrations.AddField(
            model_name='invitationevent',
            name='confirmed_by',
            field=models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by'),
        ),
        migrations.AddField(
            model_name='invitationevent',
            name='needs_confirmation',
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddField(
            model_name='invitationevent',
            name='officers_told_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name='affiliation',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_by', None), models.Q(models.Q(('confirmed_by', models.F('given_by')), _negated=True), models.Q(('confirmed_by', models.F('user')), _negated=True)), _connector='OR'), name='affiliation_confirmed_by_another', violation_error_message='A second person confirms it.'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_by', None), models.Q(('confirmed_by', models.F('invited_by')), _negated=True), _connector='OR'), name='invitation_confirmed_by_another', violation_error_message='A second person confirms it.'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(('needs_confirmation', False), ('confirmed_at__isnull', False), ('accepted_at', None), _connector='OR'), name='invitation_accepted_when_confirmed'),
        ),
        migrations.RunPython(let_open_ones_wait, migrations.RunPython.noop),
    ]
