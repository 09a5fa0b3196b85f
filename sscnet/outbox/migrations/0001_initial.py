import django.db.models.deletion
import django.db.models.functions.datetime
import modeltrans.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name='WordingOverride',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=60, unique=True, verbose_name='kind of email')),
                ('subject', models.CharField(blank=True, max_length=180, verbose_name='subject')),
                ('body', models.TextField(blank=True, help_text='A blank line begins a new paragraph.', verbose_name='text')),
                ('i18n', modeltrans.fields.TranslationField(fields=['subject', 'body'], required_languages=(), virtual_fields=True)),
            ],
            options={
                'verbose_name': 'wording of an email',
                'verbose_name_plural': 'wordings of emails',
                'ordering': ['key'],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(help_text='No two emails have the same one.', max_length=200, unique=True, verbose_name='key')),
                ('kind', models.CharField(max_length=60, verbose_name='kind of email')),
                ('to', models.EmailField(max_length=254, verbose_name='to')),
                ('reply_to', models.EmailField(blank=True, max_length=254, verbose_name='replies to')),
                ('subject', models.CharField(max_length=400, verbose_name='subject')),
                ('text', models.TextField(blank=True, verbose_name='text')),
                ('html', models.TextField(blank=True, verbose_name='text as HTML')),
                ('first_language', models.CharField(blank=True, editable=False, max_length=10)),
                ('holds_secret', models.BooleanField(default=False, verbose_name='text is not shown')),
                ('reference', models.CharField(blank=True, max_length=100, verbose_name='reference')),
                ('object_id', models.CharField(blank=True, max_length=20)),
                ('due_at', models.DateTimeField(blank=True, null=True, verbose_name='not before')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='written')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='failed attempts')),
                ('next_try_at', models.DateTimeField(verbose_name='next attempt')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent')),
                ('failed_at', models.DateTimeField(blank=True, null=True, verbose_name='given up')),
                ('last_error', models.TextField(blank=True, verbose_name='last error')),
                ('content_type', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='contenttypes.contenttype')),
            ],
            options={
                'verbose_name': 'email',
                'verbose_name_plural': 'emails',
                'ordering': ['-created_at', '-id'],
                'permissions': [('send_again_message', 'Can send failed mails again')],
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('content_type', models.CharField(max_length=100, verbose_name='content type')),
                ('content', models.BinaryField(verbose_name='content')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='outbox.message')),
            ],
            options={
                'verbose_name': 'attachment',
                'verbose_name_plural': 'attachments',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='WordingOverrideEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('key', models.CharField(max_length=60, verbose_name='kind of email')),
                ('subject', models.CharField(blank=True, max_length=180, verbose_name='subject')),
                ('body', models.TextField(blank=True, help_text='A blank line begins a new paragraph.', verbose_name='text')),
                ('i18n', modeltrans.fields.TranslationField(fields=['subject', 'body'], required_languages=(), virtual_fields=True)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='outbox.wordingoverride')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['content_type', 'object_id'], name='outbox_mess_content_94de94_idx'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('failed_at', None), ('sent_at', None)), fields=['next_try_at', 'id'], name='outbox_waiting'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('sent_at', None), ('failed_at', None), _connector='OR'), name='mail_sent_or_failed'),
        ),
    ]
