"""What institutions send is kept as submissions; votes on paper and amendments are new."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import sscnet.core.personal_data.sealed
from sscnet.core.database.triggers import drop_triggers


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0006_mails_of_needs'),
        ('papers', '0006_votes'),
        ('secretariat', '0009_what_nobody_read'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        drop_triggers('secretariat_request', 'secretariat_response'),
        migrations.CreateModel(
            name='Amendment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('correction', 'correction'), ('later_end', 'later end'), ('more_institutions', 'more institutions')], max_length=20, verbose_name='what')),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='when')),
                ('reason', models.TextField(blank=True, max_length=2000, verbose_name='reason')),
                ('field', models.CharField(blank=True, max_length=30)),
                ('before', models.TextField(blank=True, verbose_name='before')),
                ('after', models.TextField(blank=True, verbose_name='after')),
                ('closes_at', models.DateTimeField(null=True, verbose_name='answers until')),
            ],
            options={
                'verbose_name': 'change of an open request',
                'verbose_name_plural': 'changes of open requests',
                'ordering': ['made_at', 'id'],
                'default_permissions': [],
            },
        ),
        migrations.CreateModel(
            name='PaperVote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('vote', models.PositiveSmallIntegerField(verbose_name='vote')),
                ('slip', sscnet.core.personal_data.sealed.SealedFileField(storage=sscnet.core.personal_data.sealed.SealedStorage(), upload_to='', verbose_name='sealed slip')),
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='entered')),
                ('state', models.CharField(choices=[('waiting', 'waiting for a second person'), ('confirmed', 'confirmed'), ('refused', 'refused')], default='waiting', max_length=10, verbose_name='state')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided')),
                ('reason', models.TextField(blank=True, max_length=2000, verbose_name='reason')),
            ],
            options={
                'verbose_name': 'vote on paper',
                'verbose_name_plural': 'votes on paper',
                'ordering': ['entered_at', 'id'],
                'default_permissions': [],
            },
        ),
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='version')),
                ('sent_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='sent')),
                ('way', models.CharField(choices=[('online', 'online'), ('paper', 'on paper')], default='online', max_length=10, verbose_name='way')),
                ('sent_by_name', models.CharField(blank=True, max_length=200, verbose_name='sent by')),
                ('choices', models.JSONField(default=dict, verbose_name='choices')),
                ('digest', models.CharField(max_length=64, verbose_name='check code')),
            ],
            options={
                'verbose_name': 'what an institution sent',
                'verbose_name_plural': 'what institutions sent',
                'ordering': ['response', 'number'],
                'default_permissions': ['view'],
            },
        ),
        migrations.CreateModel(
            name='SubmittedAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(blank=True, max_length=10000, verbose_name='answer')),
                ('number', models.DecimalField(decimal_places=2, max_digits=15, null=True, verbose_name='number')),
                ('day', models.DateField(null=True, verbose_name='date')),
                ('rows', models.JSONField(default=list, verbose_name='rows')),
                ('file', sscnet.core.personal_data.sealed.SealedFileField(blank=True, storage=sscnet.core.personal_data.sealed.SealedStorage(), upload_to='', verbose_name='file')),
            ],
            options={
                'verbose_name': 'answer that was sent',
                'verbose_name_plural': 'answers that were sent',
                'ordering': ['question__position', 'question'],
                'abstract': False,
                'default_permissions': ['view'],
            },
        ),
        migrations.CreateModel(
            name='SubmittedSlip',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', sscnet.core.personal_data.sealed.SealedFileField(blank=True, storage=sscnet.core.personal_data.sealed.SealedStorage(), upload_to='', verbose_name='sealed slip')),
            ],
            options={
                'verbose_name': 'sealed slip that was sent',
                'verbose_name_plural': 'sealed slips that were sent',
                'default_permissions': ['view'],
            },
        ),
        migrations.AddField(
            model_name='request',
            name='members_lacking',
            field=models.PositiveSmallIntegerField(editable=False, null=True, verbose_name='members missing in the list'),
        ),
        migrations.AddField(
            model_name='request',
            name='opened_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='opened by'),
        ),
        migrations.AddField(
            model_name='request',
            name='quorum_percent',
            field=models.PositiveSmallIntegerField(db_default=50, default=50, help_text='Which share of the members has to vote for the vote to count. When the vote opens it becomes a number.', validators=[django.core.validators.MaxValueValidator(100)], verbose_name='quorum, in percent'),
        ),
        migrations.AddField(
            model_name='requestevent',
            name='members_lacking',
            field=models.PositiveSmallIntegerField(editable=False, null=True, verbose_name='members missing in the list'),
        ),
        migrations.AddField(
            model_name='requestevent',
            name='opened_by',
            field=models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='opened by'),
        ),
        migrations.AddField(
            model_name='requestevent',
            name='quorum_percent',
            field=models.PositiveSmallIntegerField(db_default=50, default=50, help_text='Which share of the members has to vote for the vote to count. When the vote opens it becomes a number.', validators=[django.core.validators.MaxValueValidator(100)], verbose_name='quorum, in percent'),
        ),
        migrations.AddField(
            model_name='response',
            name='declined_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='declined by'),
        ),
        migrations.AlterField(
            model_name='request',
            name='quorum',
            field=models.PositiveSmallIntegerField(editable=False, null=True, verbose_name='quorum'),
        ),
        migrations.AlterField(
            model_name='requestevent',
            name='quorum',
            field=models.PositiveSmallIntegerField(editable=False, null=True, verbose_name='quorum'),
        ),
        migrations.AddField(
            model_name='amendment',
            name='made_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='amendment',
            name='question',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='amendments', to='secretariat.requestquestion'),
        ),
        migrations.AddField(
            model_name='amendment',
            name='request',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='amendments', to='secretariat.request'),
        ),
        migrations.AddField(
            model_name='papervote',
            name='decided_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by'),
        ),
        migrations.AddField(
            model_name='papervote',
            name='entered_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by'),
        ),
        migrations.AddField(
            model_name='papervote',
            name='response',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='paper_votes', to='secretariat.response'),
        ),
        migrations.AddField(
            model_name='submission',
            name='confirmed_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by'),
        ),
        migrations.AddField(
            model_name='submission',
            name='institution',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='members.institution', verbose_name='institution'),
        ),
        migrations.AddField(
            model_name='submission',
            name='response',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='secretariat.response'),
        ),
        migrations.AddField(
            model_name='submission',
            name='sent_by',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='sent by'),
        ),
        migrations.AddField(
            model_name='submittedanswer',
            name='question',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submitted', to='secretariat.requestquestion', verbose_name='question'),
        ),
        migrations.AddField(
            model_name='submittedanswer',
            name='submission',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='secretariat.submission'),
        ),
        migrations.AddField(
            model_name='submittedslip',
            name='submission',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='slips', to='secretariat.submission'),
        ),
        migrations.AddConstraint(
            model_name='papervote',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('response',), name='paper_vote_waits_once', violation_error_message='A vote on paper of this institution is waiting.'),
        ),
        migrations.AddConstraint(
            model_name='papervote',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'confirmed'), _negated=True), models.Q(('decided_by', models.F('entered_by')), _negated=True), _connector='OR'), name='paper_vote_confirmed_by_another'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.UniqueConstraint(fields=('response', 'number'), name='submission_number_once'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_by', None), models.Q(('confirmed_by', models.F('sent_by')), _negated=True), _connector='OR'), name='submission_confirmed_by_another'),
        ),
        migrations.AddConstraint(
            model_name='submittedanswer',
            constraint=models.UniqueConstraint(fields=('submission', 'question'), name='submitted_answer_once'),
        ),
        migrations.AddConstraint(
            model_name='submittedslip',
            constraint=models.UniqueConstraint(fields=('submission',), name='submitted_slip_once'),
        ),
    ]
