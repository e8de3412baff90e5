from django.db import migrations

MAKE = """
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON coverage_entry
    FOR EACH ROW EXECUTE FUNCTION mypolis_refuse_change();
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON coverage_planversion
    FOR EACH ROW EXECUTE FUNCTION mypolis_refuse_change();

    -- What the balances must be: the whole ledger by membership, benefit, currency and month.
    CREATE VIEW coverage_due AS
    SELECT membership_id, benefit, currency, date_trunc('month', day::timestamp)::date AS month,
        coalesce(sum(CASE kind WHEN 'reserve' THEN amount WHEN 'release' THEN -amount END), 0)::numeric(16, 2)
            AS reserved_amount,
        coalesce(sum(CASE kind WHEN 'reserve' THEN count WHEN 'release' THEN -count END), 0)::integer
            AS reserved_count,
        coalesce(sum(CASE kind WHEN 'use' THEN amount WHEN 'reverse' THEN -amount END), 0)::numeric(16, 2)
            AS used_amount,
        coalesce(sum(CASE kind WHEN 'use' THEN count WHEN 'reverse' THEN -count END), 0)::integer
            AS used_count
    FROM coverage_entry GROUP BY 1, 2, 3, 4;
"""
UNMAKE = """
    DROP VIEW coverage_due;
    DROP TRIGGER append_only ON coverage_planversion;
    DROP TRIGGER append_only ON coverage_entry;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("coverage", "0001_initial"),
        ("events", "0002_append_only"),  # brings the function
    ]

    operations = [
        migrations.RunSQL(MAKE, UNMAKE),
    ]
