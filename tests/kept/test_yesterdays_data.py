"""An installation with data from an earlier commit works with the current code, and no data is lost.

No test depends on the age of the recording.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.migrations.recorder import MigrationRecorder
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinatePeriodicDefer

from mypolis.demo.models import SamplePerson
from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.hash_chain import seal, verify
from mypolis.foundation.events.models import Event
from mypolis.foundation.factors.passwords.password_rules import verify_password
from mypolis.foundation.files.flows import open_file
from mypolis.foundation.files.models import ReceivedFile, ReceivedPart, StoredFile
from mypolis.foundation.files.receiving import open_received
from mypolis.foundation.keys.rotation import rotate
from mypolis.foundation.lib.crypto.encrypted import EncryptedField
from mypolis.foundation.lib.crypto.keyring import KeyRing, KeyRingError
from mypolis.membership.people.models import Person
from tests.kept.conftest import Yesterday, database
from tests.kept.recording import RECORDINGS, Recording

pytestmark = pytest.mark.xdist_group("kept")  # they are restored and migrated once

STRUCTURE = {
    "columns": """
        SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default, is_identity
        FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2
    """,
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2
    """,
    "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
    "triggers": "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2",
    "functions": """
        SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1, 2
    """,
}
WRITTEN_EITHER_WAY = re.compile(r"::(text|character varying)(\[\])?|[()]")

type Rows = list[tuple[Any, ...]]


def test_a_recording_is_kept() -> None:
    assert RECORDINGS


def test_no_table_of_the_recording_is_empty(recording: Recording) -> None:
    assert [table for table in recording.tables if not recording.rows(table)] == []


def test_every_task_of_then_has_a_job_that_the_code_of_now_finds(yesterday: Yesterday) -> None:
    queued = set(ProcrastinateJob.objects.values_list("task_name", flat=True))
    assert queued == set(yesterday.recording.about["tasks"])
    by_the_clock = set(ProcrastinatePeriodicDefer.objects.values_list("task_name", flat=True))
    assert (queued | by_the_clock) - app.tasks.keys() == set()


@pytest.mark.django_db
def test_yesterdays_tables_become_those_of_a_new_installation(migrated: str) -> None:
    with database(migrated) as yesterdays:
        became, made_anew = _structure(yesterdays.cursor()), _structure(connection.cursor())
    assert made_anew
    assert became ^ made_anew == set()


def test_no_table_and_no_migration_of_then_is_forgotten(yesterday: Yesterday) -> None:
    """Renaming a label or a table without a migration would lose the rows."""
    assert set(yesterday.recording.tables) <= set(connection.introspection.table_names())
    applied = MigrationRecorder(connection).applied_migrations()
    assert {label for label, _name in applied} <= {config.label for config in apps.get_app_configs()}
    for label, model in _rows_of("SELECT app_label, model FROM django_content_type"):
        assert apps.get_model(label, model)._meta.label_lower == f"{label}.{model}"


def test_every_sealed_value_opens_in_its_column(yesterday: Yesterday) -> None:
    opened = _opened(KeyRing.load(yesterday.keys_file))
    assert set(yesterday.recording.about["sealed"]) <= opened.keys(), "a sealed column without a value"


def test_nothing_that_is_sealed_lies_where_no_encrypted_field_reads_it(yesterday: Yesterday) -> None:
    """We find encrypted values by their first bytes, so we notice a field that is no longer encrypted or was moved."""
    read = {(field.model._meta.db_table, field.column) for field in _encrypted_fields()}
    ring = KeyRing.load(yesterday.keys_file)
    begin = [bytes([1, len(key_id)]) + key_id.encode() for key_id in ring.keys]
    columns = _rows_of(
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = 'public' AND data_type = 'bytea'"
    )
    sealed = {
        (table, column)
        for table, column in columns
        if any(bytes(value).startswith(tuple(begin)) for (value,) in _values(table, column))
    }
    assert sealed - read == set()


def test_every_file_belongs_to_a_row_and_opens(yesterday: Yesterday) -> None:
    files = list(StoredFile.objects.all())
    on_disk = {path.name for path in yesterday.recording.files.rglob("*") if path.is_file()}
    pieces = {part.pk.hex for part in ReceivedPart.objects.all()}
    assert {file.pk.hex for file in files} | pieces == on_disk
    for file in files:
        owner = _row(file.owner)
        contents = b"".join(open_file(file=file, owner=owner, by=SYSTEM))
        assert (len(contents), hashlib.sha256(contents).hexdigest()) == (file.size, file.sha256)


def test_the_bytes_of_uploads_open_until_they_are_forgotten(yesterday: Yesterday) -> None:
    for received in ReceivedFile.objects.filter(key__isnull=False):
        contents = b"".join(open_received(received))
        assert (len(contents), hashlib.sha256(contents).hexdigest()) == (received.size, received.sha256)


def test_keys_rotate_and_everything_opens_under_the_new_key_alone(yesterday: Yesterday) -> None:
    before = _opened(KeyRing.load(yesterday.keys_file))
    files = {file.pk: bytes(file.key) for file in StoredFile.objects.all()}

    assert rotate(by=SYSTEM, wait=0.1, patience=1).is_complete

    ring = KeyRing.load(yesterday.keys_file)
    assert ring.primary not in yesterday.recording.keys_file.read_text()
    assert _opened(KeyRing(ring.primary, {ring.primary: ring.keys[ring.primary]})) == before
    assert {file.pk: bytes(file.key) for file in StoredFile.objects.all()} == files
    assert _wrong_digests() == []


def test_people_are_found_and_their_passwords_are_right(yesterday: Yesterday) -> None:
    assert _wrong_digests() == []
    known = Person.objects.exclude(national_id_digest=None)
    assert known
    for person in known:
        assert list(Person.objects.with_national_id(person.national_id).filter(market=person.market)) == [person]
    members = SamplePerson.objects.exclude(password="").select_related("person__account")
    assert members
    for one in members:
        assert verify_password(one.password, one.person.account.password_hash)


def test_the_chain_of_events_holds_and_goes_on(yesterday: Yesterday) -> None:
    verdict = verify()
    assert verdict.breaks == ()
    assert 1 < verdict.seals < verdict.events < Event.objects.count(), "some events are not sealed yet"
    while seal():
        pass
    after = verify(head=verdict.head)
    assert (after.breaks, after.events) == ((), Event.objects.count())


def test_every_event_is_about_a_kind_of_row_that_there_is(yesterday: Yesterday) -> None:
    subjects = Event.objects.exclude(subject="").values_list("subject", flat=True)
    labels = {subject.partition(":")[0] for subject in subjects}
    assert len(labels) > 10
    assert {apps.get_model(label)._meta.label_lower for label in labels} == labels


def _encrypted_fields() -> Iterator[EncryptedField]:
    for model in apps.get_models():
        yield from (field for field in model._meta.local_fields if isinstance(field, EncryptedField))


def _opened(ring: KeyRing) -> dict[str, Counter[bytes]]:
    """Return every decrypted value by table and column. Reports all values that cannot be decrypted together."""
    found: dict[str, Counter[bytes]] = {}
    closed = []
    for field in _encrypted_fields():
        table, column = field.model._meta.db_table, str(field.column)
        for (value,) in _values(table, column):
            try:
                plain = ring.open(bytes(value), context=field.context)
            except KeyRingError as error:
                closed.append(f"{table}.{column}, {field.context}: {error}")
            else:
                field.from_plain(plain)
                found.setdefault(f"{table}.{column}", Counter())[plain] += 1
    assert not closed, "\n".join(["", *dict.fromkeys(closed)])
    return found


def _wrong_digests() -> list[str]:
    """Yield rows whose look-up columns do not match their values under the primary key."""
    wrong = []
    for model in apps.get_models():
        names = [field.name for field in model._meta.local_fields if field.name.endswith("_digest")]
        if names and hasattr(model, "write_keys"):
            for row in model._base_manager.all():
                before = _bytes_of(row, names)
                row.write_keys()
                wrong += [f"{model._meta.label} {row.pk}"] if before != _bytes_of(row, names) else []
    return wrong


def _bytes_of(row: models.Model, names: list[str]) -> list[bytes | None]:
    return [None if (value := getattr(row, name)) is None else bytes(value) for name in names]


def _row(key: str) -> models.Model:
    """Return the row that a file's owner names."""
    label, _colon, pk = key.partition(":")
    return apps.get_model(label)._base_manager.get(pk=pk)


def _values(table: str, column: str) -> Rows:
    quote = connection.ops.quote_name
    return _rows_of(f"SELECT {quote(column)} FROM {quote(table)} WHERE {quote(column)} IS NOT NULL")


def _rows_of(statement: str) -> Rows:
    with connection.cursor() as cursor:
        return _fetched(cursor, statement)


def _fetched(cursor: Any, statement: str) -> Rows:
    cursor.execute(statement)
    return list(cursor.fetchall())


def _structure(cursor: Any) -> set[tuple[str, ...]]:
    """Return a database's structure, without casts: PostgreSQL may write the same condition with other casts."""
    return {
        (kind, *(WRITTEN_EITHER_WAY.sub("", str(cell)) for cell in row))
        for kind, statement in STRUCTURE.items()
        for row in _fetched(cursor, statement)
    }
