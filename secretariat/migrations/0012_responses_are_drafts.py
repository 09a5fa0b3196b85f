"""When and by whom something was sent stands in its submission, no longer in the response."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('secretariat', '0011_what_was_sent'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='response',
            name='response_sent_at',
        ),
        migrations.AddConstraint(
            model_name='request',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('state__in', ['draft', 'open'])), models.Q(('closed_at__isnull', False), ('state__in', ['closed', 'archived'])), _connector='OR'), name='request_closed_at_a_moment'),
        ),
        migrations.AddConstraint(
            model_name='request',
            constraint=models.CheckConstraint(condition=models.Q(('rule', ''), ('opened_at', None), ('quorum__gte', 1), _connector='OR'), name='request_opened_vote_has_quorum'),
        ),
        migrations.RemoveField(
            model_name='response',
            name='on_paper',
        ),
        migrations.RemoveField(
            model_name='response',
            name='sent_at',
        ),
        migrations.RemoveField(
            model_name='response',
            name='sent_by',
        ),
        migrations.AlterField(
            model_name='requestquestion',
            name='choices',
            field=models.TextField(blank=True, help_text='One per line, as many in each language. Once answered, only their words change. The columns of a table say what they take: Year (number), Start (date), State (choice: planned; finished); a column without it takes text.', max_length=2000, verbose_name='choices or columns'),
        ),
        migrations.AlterField(
            model_name='requestquestionevent',
            name='choices',
            field=models.TextField(blank=True, help_text='One per line, as many in each language. Once answered, only their words change. The columns of a table say what they take: Year (number), Start (date), State (choice: planned; finished); a column without it takes text.', max_length=2000, verbose_name='choices or columns'),
        ),
    ]
