"""The help of a question says that its choices stay once it was answered."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('meetings', '0016_notices_of_erasing_in_meetings'),
    ]

    operations = [
        migrations.AlterField(
            model_name='meetingquestion',
            name='choices',
            field=models.TextField(blank=True, help_text='One per line, as many in each language. Once answered, only their words change. The columns of a table say what they take: Year (number), Start (date), State (choice: planned; finished); a column without it takes text.', max_length=2000, verbose_name='choices or columns'),
        ),
        migrations.AlterField(
            model_name='meetingquestionevent',
            name='choices',
            field=models.TextField(blank=True, help_text='One per line, as many in each language. Once answered, only their words change. The columns of a table say what they take: Year (number), Start (date), State (choice: planned; finished); a column without it takes text.', max_length=2000, verbose_name='choices or columns'),
        ),
    ]
