from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('secretariat', '0006_requests'),
    ]

    operations = [
        migrations.RenameField('requestquestion', 'becomes', 'about'),
        migrations.RenameField('requestquestionevent', 'becomes', 'about'),
    ]
