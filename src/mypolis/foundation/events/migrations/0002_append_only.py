from django.db import migrations

# One function for every table that is only added to. TRUNCATE stays possible: tests empty their tables with it.
MAKE = """
    CREATE FUNCTION mypolis_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;
    END
    $$;
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON events_event
    FOR EACH ROW EXECUTE FUNCTION mypolis_refuse_change();
"""
UNMAKE = """
    DROP TRIGGER append_only ON events_event;
    DROP FUNCTION mypolis_refuse_change();
"""


class Migration(migrations.Migration):

    dependencies = [
        ("events", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(MAKE, UNMAKE),
    ]
