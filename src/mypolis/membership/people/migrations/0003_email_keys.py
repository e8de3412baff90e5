from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from mypolis.foundation.lib.email_addresses import fold_email


def fold_again(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Only addresses with letters beyond ASCII can have another key than before."""
    people = apps.get_model("people", "Person").objects.filter(email__regex=r"[^\x01-\x7f]")
    for person in people.iterator():
        person.email_key = fold_email(person.email)
        person.save(update_fields=["email_key"])


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_membership_by_number'),
    ]

    operations = [
        migrations.RunPython(fold_again, migrations.RunPython.noop),
    ]
