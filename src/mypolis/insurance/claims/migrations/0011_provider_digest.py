from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0010_report_days'),
    ]

    operations = [
        migrations.AddField(
            model_name='claim',
            name='provider_digest',
            field=models.BinaryField(max_length=32, null=True),
        ),
        migrations.AddIndex(
            model_name='claim',
            index=models.Index(condition=models.Q(('provider_digest__isnull', False)), fields=['provider_digest', '-sent_at'], name='claim_by_provider'),
        ),
    ]
