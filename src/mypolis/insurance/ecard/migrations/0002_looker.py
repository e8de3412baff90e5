from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ecard", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="look", name="looker", field=models.CharField(blank=True, db_default="", max_length=8)
        )
    ]
