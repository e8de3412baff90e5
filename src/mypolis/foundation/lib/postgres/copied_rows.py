"""Inserts many rows with COPY, in about a third of the time of Django's `bulk_create`.

Only for models without signals, parents and fields that the database computes.
"""

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models import AutoField, Model
from psycopg import sql

# Fields whose values the driver takes as they are. The others prepare them, which takes longer than sending them.
_AS_THEY_ARE = (
    *(models.CharField, models.TextField, models.UUIDField, models.BooleanField, models.DecimalField),
    *(models.IntegerField, models.BigIntegerField, models.PositiveIntegerField, models.PositiveSmallIntegerField),
    *(models.DateField, models.DateTimeField, models.BigAutoField, models.AutoField),
)


def copy_rows(rows: Sequence[Model]) -> None:
    """Insert new rows of one model, as `bulk_create` does; primary keys from a sequence are set on the rows.

    Raises IntegrityError like `bulk_create`.
    """
    if not rows:
        return
    meta = rows[0]._meta
    if isinstance(meta.pk, AutoField):
        _take_keys(rows, meta.db_table, meta.pk.attname)
    fields: list[Any] = list(meta.concrete_fields)
    readers = [_reader_of(field) for field in fields]
    columns = [field.column for field in fields]
    copy_values(meta.db_table, columns, ([read(row) for read in readers] for row in rows))
    for row in rows:
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def copy_values(table: str, columns: Sequence[str], values: Iterable[Sequence[Any]]) -> None:
    """Insert rows of plain values, ready for the database, in the order of the columns."""
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
        for row in values:
            copy.write_row(row)


def _reader_of(field: Any) -> Callable[[Model], Any]:
    """What reads a field's value of a row, ready for the driver."""
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    is_computed = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    if type(target) in _AS_THEY_ARE and not is_computed:
        return attrgetter(field.attname)
    return lambda row: field.get_db_prep_save(field.pre_save(row, True), connection)


def _take_keys(rows: Sequence[Model], table: str, column: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [table, column, len(rows)]
        )
        for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = key
