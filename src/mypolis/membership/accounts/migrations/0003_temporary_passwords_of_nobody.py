from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_issued_usernames'),
    ]

    operations = [
        migrations.AlterField(
            model_name='temporarypassword',
            name='account',
            field=models.ForeignKey(null=True, on_delete=models.deletion.CASCADE, related_name='temporary_passwords', to='accounts.account'),
        ),
    ]
