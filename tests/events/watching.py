"""Watches all our tables: which rows a transaction wrote, and whether it recorded an event."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import connection

# Written together with an event of another row, or too often for events: no personal data and no rights change.
BOOKKEEPING = {
    "events_event": "the trail itself",
    "events_seal": "made of it",
    "events_horizon": "how far it can be sealed",
    "files_receivedpart": "pieces of an upload as they arrive; its beginning and end are told",
    "guards_counter": "counts of tries; what they refuse is told",
    "guards_refusals": "counts of what limits refused, per market and day",
    "guards_spent": "digests of used captchas",
    "notices_gatewayhealth": "counts of failures; that a gateway is down or up again is told",
}
# Columns that move without an event, by table.
MOVING = {
    "reports_reportprogress": {"read_up_to"},  # the days that it follows are told
    "audit_verification": {"after", "digest", "seals", "events"},  # its end is told
    "accounts_device": {"last_seen_at", "idle_until"},  # extended by use
    "factors_authenticatorapp": {"last_step"},  # a code is used up; the sign-in that follows has an event
    "factors_passkey": {"sign_count", "backed_up", "last_used_at", "last_client"},  # as well
    "integrations_partnertoken": {"last_used_at"},
    "staff_staffsession": {"last_act_at", "idle_until"},  # extended by work
    "providers_providertoken": {"last_used_at"},
    "uploads_upload": {"offset", "written_at", "writer", "writing_until"},  # pieces as they arrive
    "notices_message": {"state", "attempts", "gateway"},  # intermediate states; every final state has an event
}
_WATCH = """
    CREATE UNLOGGED TABLE watched (tx bigint, written text, how text, columns text[]);
    CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO watched SELECT txid_current(), TG_TABLE_NAME, TG_OP, CASE WHEN TG_OP = 'UPDATE' THEN (
            SELECT array_agg(key) FROM jsonb_each(to_jsonb(NEW)) WHERE to_jsonb(OLD) -> key IS DISTINCT FROM value
        ) END;
        RETURN NULL;
    END
    $$;
"""
_SILENT = """
    SELECT DISTINCT written, how, columns FROM watched w WHERE written <> 'events_event'
    AND NOT EXISTS (SELECT 1 FROM watched e WHERE e.tx = w.tx AND e.written = 'events_event')
"""


def tables() -> set[str]:
    """Return every table of our models."""
    return {
        model._meta.db_table
        for config in apps.get_app_configs()
        if config.name.startswith("mypolis.") and config.label != "demo"
        for model in config.get_models()
    }


@contextmanager
def watching() -> Iterator[None]:
    """Note every row that is written in the block."""
    with connection.cursor() as cursor:
        cursor.execute(_WATCH)
        for table in tables():
            trigger = f'AFTER INSERT OR UPDATE OR DELETE ON "{table}" FOR EACH ROW EXECUTE FUNCTION watch()'
            cursor.execute(f"CREATE TRIGGER watched {trigger}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION watch() CASCADE; DROP TABLE watched")


def written() -> set[str]:
    """Return the tables that were written so far."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT written FROM watched")
        return {table for (table,) in cursor.fetchall()}


def silent_writes(*, but: set[str] = frozenset()) -> list[str]:  # type: ignore[assignment]
    """Return writes in transactions without an event, and forget them for the next part."""
    with connection.cursor() as cursor:
        cursor.execute(_SILENT)
        rows = cursor.fetchall()
        cursor.execute("TRUNCATE watched")
    found = []
    for table, how, columns in rows:
        moved = columns is not None and set(columns) <= MOVING.get(table, set())
        if not moved and table not in BOOKKEEPING and table not in but:
            found.append(f"{how} {table} {columns or ''}")
    return sorted(found)
