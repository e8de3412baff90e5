from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from mypolis.foundation.lib.email_addresses import fold_email


def fold_again(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Links and bounces keep to the address that they were for, whose key may be another now."""
    Invitation, BouncedAddress = apps.get_model("roster", "Invitation"), apps.get_model("roster", "BouncedAddress")
    people = apps.get_model("people", "Person").objects.filter(email__regex=r"[^\x01-\x7f]")
    for person in people.iterator():
        before, after = person.email_key, fold_email(person.email)
        if before == after:
            continue
        Invitation.objects.filter(person=person, email_key=before).update(email_key=after)
        for bounced in BouncedAddress.objects.filter(market=person.market, email_key=before):
            BouncedAddress.objects.get_or_create(
                market=person.market,
                email_key=after,
                defaults={name: getattr(bounced, name) for name in ("cause", "at", "by_kind", "by_id")},
            )


class Migration(migrations.Migration):

    dependencies = [
        ('roster', '0002_bounced_addresses'),
        ('people', '0001_initial'),
    ]
    # Before the people's own keys change: it compares the old ones.
    run_before = [
        ('people', '0003_email_keys'),
    ]

    operations = [
        migrations.RunPython(fold_again, migrations.RunPython.noop),
    ]
