"""Re-encrypts stored values under the primary key, table by table, in small transactions, while the portal runs.

It finds its work in the models: it re-encrypts every encrypted field, and recomputes the `*_digest` columns of every
model with `write_keys()`. No model is named here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import monotonic, sleep
from typing import Any, Protocol, cast

from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from mypolis.foundation.lib.crypto import keyring
from mypolis.foundation.lib.crypto.encrypted import EncryptedField
from mypolis.foundation.lib.crypto.keyring import KeyRingError

BATCH = 500
_RETRY_SECONDS = 0.2

type Table = type[models.Model]
type Column = "models.Field[Any, Any]"


class HasKeys(Protocol):
    """A model that computes its own look-up columns."""

    def write_keys(self) -> None:
        """Recompute the look-up columns from the values."""


@dataclass(frozen=True)
class Moved:
    """Counts: rows written, rows skipped because they were locked, and rows whose digest equals another row's."""

    done: int = 0
    locked: int = 0
    equal: int = 0

    def __add__(self, other: "Moved") -> "Moved":
        return Moved(self.done + other.done, self.locked + other.locked, self.equal + other.equal)

    @property
    def left(self) -> int:
        """Rows that still use an old key."""
        return self.locked + self.equal


def sealed_columns() -> list[EncryptedField]:
    """Every encrypted field of every model."""
    return [field for table in _tables() for field in table._meta.local_fields if isinstance(field, EncryptedField)]


def digest_columns() -> dict[Table, list[str]]:
    """The digest columns of every model that can compute them from its own values."""
    found = {
        table: [field.name for field in table._meta.local_fields if field.name.endswith("_digest")]
        for table in _tables()
        if hasattr(table, "write_keys")
    }
    return {table: names for table, names in found.items() if names}


def move_everything(*, patience: float) -> dict[str, Moved]:
    """Re-encrypt all values under the primary key. Returns counts by column or table.

    Retries locked rows for `patience` seconds. Raises KeyRingError, naming the place, for a value that no key can
    decrypt.
    """
    # Digests first: `is_unfinished` checks encrypted values only, so these must be the last to change.
    moved = {}
    for table, names in digest_columns().items():
        moved[f"{table._meta.label} look-up"] = _patiently(lambda t=table, n=names: _rehash(t, n), patience)  # type: ignore[misc]
    for field in sealed_columns():
        moved[field.context] = _patiently(lambda f=field: _reseal(f), patience)  # type: ignore[misc]
    return moved


def count_under(key_id: str) -> int:
    """How many encrypted values use this key."""
    return sum(_count(field, "=", key_id) for field in sealed_columns())


def added(first: dict[str, Moved], second: dict[str, Moved]) -> dict[str, Moved]:
    """Combine two passes: rows written in both, and the rows left over after the second."""
    return {place: replace(late, done=first[place].done + late.done) for place, late in second.items()}


def is_unfinished(primary: str) -> bool:
    """Whether any encrypted value uses another key."""
    return any(_count(field, "<>", primary, at_most=1) for field in sealed_columns())


def _tables() -> list[Table]:
    return [table for table in apps.get_models() if table._meta.managed and not table._meta.proxy]


def _patiently(one_pass: Callable[[], Moved], patience: float) -> Moved:
    deadline = monotonic() + patience
    done = 0
    while True:
        moved = one_pass()
        done += moved.done
        if not moved.locked or monotonic() > deadline:
            return Moved(done, moved.locked, moved.equal)
        sleep(_RETRY_SECONDS)


def _reseal(field: EncryptedField) -> Moved:
    """One pass over a column, in the order of the primary key."""
    done, last = 0, None
    while True:
        with transaction.atomic():
            rows = _stale(field, after=last)
            _write([field], [(pk, [_sealed_anew(field, pk, sealed)]) for pk, sealed in rows])
        if not rows:
            return Moved(done, locked=_count(field, "<>", keyring.current().primary))
        done, last = done + len(rows), rows[-1][0]


def _stale(field: EncryptedField, *, after: object) -> list[tuple[Any, bytes]]:
    """The next rows whose value does not use the primary key, locked."""
    table, pk, column = _quoted(field)
    primary = keyring.current().primary
    condition, values = _is_under(column, "<>", primary)
    if after is not None:
        condition, values = f"{condition} AND {pk} > %s", [*values, after]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {pk}, {column} FROM {table} WHERE {condition} ORDER BY {pk} LIMIT {BATCH} "  # noqa: S608
            "FOR UPDATE SKIP LOCKED",
            values,
        )
        return [(key, bytes(sealed)) for key, sealed in cursor.fetchall()]


def _sealed_anew(field: EncryptedField, pk: object, sealed: bytes) -> bytes:
    ring = keyring.current()
    try:
        return ring.seal(ring.open(sealed, context=field.context), context=field.context)
    except KeyRingError as error:
        raise KeyRingError(f"{field.context} of row {pk}: {error}") from None


def _rehash(table: Table, names: Sequence[str]) -> Moved:
    """One pass over a table. Recomputes every digest, because a digest does not show which key it uses."""
    moved, last = Moved(), None
    while True:
        pks = table._base_manager.order_by("pk")
        keys = list((pks if last is None else pks.filter(pk__gt=last)).values_list("pk", flat=True)[:BATCH])
        if not keys:
            return moved
        last = keys[-1]
        try:
            stale = [row.pk for row in table._base_manager.filter(pk__in=keys) if _is_changed(row, names)]
            moved += _rehash_rows(table, names, stale)
        except KeyRingError as error:
            raise KeyRingError(f"{table._meta.label}, rows {keys[0]} to {last}: {error}") from None


@transaction.atomic
def _rehash_rows(table: Table, names: Sequence[str], pks: Sequence[object]) -> Moved:
    fields = [field for field in table._meta.local_concrete_fields if field.name in names]
    rows = list(table._base_manager.select_for_update(skip_locked=True).filter(pk__in=pks)) if pks else []
    changes = [(row.pk, [getattr(row, field.name) for field in fields]) for row in rows if _is_changed(row, names)]
    locked = len(pks) - len(rows)
    try:
        with transaction.atomic():
            _write(fields, changes)
        return Moved(len(changes), locked)
    except IntegrityError:
        # Two rows got the same value under two different keys. The other rows must not wait until an operator fixes it.
        written = sum(_is_written(fields, change) for change in changes)
        return Moved(written, locked, len(changes) - written)


def _is_written(fields: Sequence[Column], change: tuple[Any, list[Any]]) -> bool:
    try:
        with transaction.atomic():
            _write(fields, [change])
    except IntegrityError:
        return False
    return True


def _is_changed(row: models.Model, names: Sequence[str]) -> bool:
    """Recompute the row's keys. Returns whether a digest changed."""

    def digests() -> list[bytes | None]:
        found = [getattr(row, name) for name in names]
        return [None if digest is None else bytes(digest) for digest in found]

    before = digests()
    cast("HasKeys", row).write_keys()
    return digests() != before


def _write(fields: Sequence[Column], changes: Sequence[tuple[Any, Sequence[Any]]]) -> None:
    """Set columns of one table, row by row."""
    table, pk, _column = _quoted(fields[0])
    assignments = ", ".join(f"{_quoted(field)[2]} = %s" for field in fields)
    statement = f"UPDATE {table} SET {assignments} WHERE {pk} = %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(statement, [[*values, key] for key, values in changes])


def _count(field: EncryptedField, comparison: str, key_id: str, *, at_most: int | None = None) -> int:
    table, _pk, column = _quoted(field)
    condition, values = _is_under(column, comparison, key_id)
    limit = "" if at_most is None else f"LIMIT {at_most}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM (SELECT FROM {table} WHERE {condition} {limit}) AS found",  # noqa: S608
            values,
        )
        (count,) = cursor.fetchone()
    return int(count)


def _is_under(column: str, comparison: str, key_id: str) -> tuple[str, list[Any]]:
    """SQL that compares the key id in an encrypted value: a format byte, the id's length and the id come first."""
    header = bytes([1, len(key_id)]) + key_id.encode()
    return f"{column} IS NOT NULL AND substring({column} FROM 1 FOR {len(header)}) {comparison} %s", [header]


def _quoted(field: Column) -> tuple[str, str, str]:
    """The quoted SQL names of the field's table, the table's primary key, and the field's column."""
    meta, quote = field.model._meta, connection.ops.quote_name
    return quote(meta.db_table), quote(str(meta.pk.column)), quote(str(field.column))
