from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0003_core_system'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='line',
            name='line_repeated',
        ),
        migrations.RenameField(
            model_name='line',
            old_name='repeat_key',
            new_name='repeat_digest',
        ),
        migrations.AddIndex(
            model_name='line',
            index=models.Index(condition=models.Q(('repeat_digest__isnull', False)), fields=['repeat_digest'], name='line_repeated'),
        ),
    ]
