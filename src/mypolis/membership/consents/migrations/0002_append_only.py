from django.db import migrations

MAKE = """
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON consents_consent
    FOR EACH ROW EXECUTE FUNCTION mypolis_refuse_change();
"""
UNMAKE = "DROP TRIGGER append_only ON consents_consent;"


class Migration(migrations.Migration):

    dependencies = [
        ("consents", "0001_initial"),
        ("events", "0002_append_only"),  # brings the function
    ]

    operations = [
        migrations.RunSQL(MAKE, UNMAKE),
    ]
