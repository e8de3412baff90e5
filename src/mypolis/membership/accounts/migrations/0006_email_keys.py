from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from mypolis.foundation.lib.email_addresses import fold_email


def fold_again(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Only addresses with letters beyond ASCII can have another key than before; their links go with them."""
    points = apps.get_model("accounts", "ContactPoint").objects.filter(kind="email", value__regex=r"[^\x01-\x7f]")
    for point in points.iterator():
        before, point.key = point.key, fold_email(point.value)
        point.save(update_fields=["key"])
        point.confirmations.filter(key=before).update(key=point.key)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_authenticators'),
    ]

    operations = [
        migrations.RunPython(fold_again, migrations.RunPython.noop),
    ]
