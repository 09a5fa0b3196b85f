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
    ]
