"""Queries whose SQL is compiled once per process. Each run only fills in values.

Django compiles the SQL of a query each time, which takes several times as long as sending it. We prepare the queries of
every sign-in and every step of a journey:

    BY_TOKEN = Prepared(lambda: Journey.objects.filter(token_hash=place("token")))
    journey = BY_TOKEN.first(token=digest)
"""

from collections.abc import Callable
from copy import copy
from functools import cached_property
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BooleanField, F, Func, Model, QuerySet, Value
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError


class _Place(Value):
    """A placeholder for a value that is given when the query runs; `value` is its name."""

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:
        return "%s", [self]


class _AnyPlace(_Place):
    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:
        return "ANY(%s)", [self]


def place(name: str) -> Any:
    """A placeholder for the value with this name. None matches nothing, like NULL in SQL."""
    return _Place(name)


def one_of(field: str, name: str) -> Func:
    """A condition: the field's value is in the list with this name."""
    return Func(F(field), _AnyPlace(name), template="%(expressions)s", arg_joiner=" = ", output_field=BooleanField())


class Prepared[M: Model]:
    """A query that is compiled on its first run. `make` returns it, with `place` and `one_of` as placeholders.

    Values are passed to psycopg directly: digests, keys, dates and texts, already in the stored form.
    """

    def __init__(self, make: Callable[[], QuerySet[M]]) -> None:
        self._make = make

    def all(self, **values: object) -> list[M]:
        """Return all rows."""
        return self._rows(self._all, values)

    def first(self, **values: object) -> M | None:
        """Return the first row in the query's order, else by primary key; None if there is none."""
        return next(iter(self._rows(self._first, values)), None)

    def exists(self, **values: object) -> bool:
        """Whether there is a row."""
        return self._exists.filled(values).has_results()

    @cached_property
    def _all(self) -> "_Compiler":
        return _Compiler.of(self._make().query)

    @cached_property
    def _first(self) -> "_Compiler":
        rows = self._make()
        return _Compiler.of((rows if rows.ordered else rows.order_by("pk"))[:1].query)

    @cached_property
    def _exists(self) -> "_Compiler":
        return _Compiler.of(self._make().query.exists())

    def _rows(self, compiler: "_Compiler", values: dict[str, object]) -> list[M]:
        bound: Any = _Bound(compiler.filled(values))
        return list(QuerySet(model=compiler.query.model, query=bound))


class _Bound:
    """The part of a query that a queryset needs to run it."""

    def __init__(self, compiler: "_Compiler") -> None:
        self._compiler = compiler

    def get_compiler(self, using: str) -> "_Compiler":
        return self._compiler


class _Compiler(SQLCompiler):
    """Django's compiler with cached SQL and converters. It is shared; each run uses a copy with its own values."""

    _sql: str
    _parameters: tuple[object, ...]
    _values: dict[str, object]
    _converters: Any = None

    @classmethod
    def of(cls, query: Query) -> "_Compiler":
        """Compile the SQL once."""
        compiler = cls(query, connections[DEFAULT_DB_ALIAS], DEFAULT_DB_ALIAS)
        compiler._sql, parameters = SQLCompiler.as_sql(compiler)
        compiler._parameters = tuple(parameters)
        return compiler

    def filled(self, values: dict[str, object]) -> "_Compiler":
        """Return a copy for one run, on this thread's connection."""
        mine = copy(self)
        mine.connection = connections[DEFAULT_DB_ALIAS]
        mine._values = values
        return mine

    def as_sql(self, *_args: Any, **_options: Any) -> tuple[str, Any]:
        if self.query.select_for_update and self.connection.get_autocommit():
            raise TransactionManagementError("a lock needs a transaction")
        values = self._values
        return self._sql, [values[part.value] if isinstance(part, _Place) else part for part in self._parameters]

    def get_converters(self, expressions: Any) -> Any:
        if self._converters is None:
            self._converters = SQLCompiler.get_converters(self, expressions)
        return self._converters
