"""The result of a vote is a kind of paper."""
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('papers', '0005_letter_of_award'),
    ]

    operations = [
        migrations.AlterField(
            model_name='paper',
            name='kind',
            field=models.CharField(choices=[('notice', 'notice of a meeting'), ('letter', 'letter of invitation'), ('cover', 'covering letter'), ('request', 'request for approval'), ('delegates', 'list of delegates'), ('slip', 'return slip'), ('certificate', 'certificate of attendance'), ('proposal', 'letter handing in a proposal'), ('fund_form', 'proposal: the form of the Fund'), ('check', 'proposal: check of the Secretariat'), ('award', 'letter of award'), ('vote', 'result of a vote')], max_length=15, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='papertemplate',
            name='kind',
            field=models.CharField(choices=[('notice', 'notice of a meeting'), ('letter', 'letter of invitation'), ('cover', 'covering letter'), ('request', 'request for approval'), ('delegates', 'list of delegates'), ('slip', 'return slip'), ('certificate', 'certificate of attendance'), ('proposal', 'letter handing in a proposal'), ('fund_form', 'proposal: the form of the Fund'), ('check', 'proposal: check of the Secretariat'), ('award', 'letter of award'), ('vote', 'result of a vote')], max_length=15, verbose_name='kind'),
        ),
    ]
