"""Writes single rows with SQL that is built once per process, like `prepared_queries` reads them.

Django builds the SQL of an INSERT or UPDATE each time, which takes longer than sending it. Only for models without
signals, parents and fields that the database computes.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Field, Model


def insert(row: Model) -> None:
    """Insert a new row, as `save(force_insert=True)` does. Sets the primary key if the database makes it."""
    makes_key = row.pk is None
    with connection.cursor() as cursor:
        fields = _fields(type(row), None if not makes_key else row._meta.pk.attname)
        cursor.execute(_insert(type(row), makes_key), [_value(row, field, is_new=True) for field in fields])
        if makes_key:
            row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def update(row: Model, names: Iterable[str]) -> None:
    """Write these fields of a row, as `save(update_fields=...)` does. Raises the model's DoesNotExist if it is gone."""
    names = tuple(names)
    fields = [row._meta.get_field(name) for name in names]
    values = [_value(row, field, is_new=False) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(_update(type(row), names), [*values, row.pk])
        if not cursor.rowcount:
            raise type(row).DoesNotExist  # type: ignore[attr-defined]  # every concrete model has it


def _value(row: Model, field: Any, *, is_new: bool) -> Any:
    return field.get_db_prep_save(field.pre_save(row, is_new), connection)


@cache
def _fields(model: type[Model], but: str | None) -> tuple["Field[Any, Any]", ...]:
    return tuple(field for field in model._meta.local_concrete_fields if field.attname != but)


@cache
def _insert(model: type[Model], makes_key: bool) -> str:
    quote = connection.ops.quote_name
    key: Any = model._meta.pk
    columns = [quote(str(field.column)) for field in _fields(model, key.attname if makes_key else None)]
    back = f" RETURNING {quote(key.column)}" if makes_key else ""
    places = ", ".join(["%s"] * len(columns))
    return f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(columns)}) VALUES ({places}){back}"  # noqa: S608


@cache
def _update(model: type[Model], names: tuple[str, ...]) -> str:
    quote = connection.ops.quote_name
    meta: Any = model._meta
    sets = ", ".join(f"{quote(meta.get_field(name).column)} = %s" for name in names)
    return f"UPDATE {quote(meta.db_table)} SET {sets} WHERE {quote(meta.pk.column)} = %s"  # noqa: S608
