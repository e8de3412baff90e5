"""Look-up keys of a person: values normalised by the market's rules. Equal keys mean the same name, address or id."""

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement
from django.db.models import BooleanField, CharField, Func, Index, Model, TextField, Value
from django.db.models.sql.compiler import SQLCompiler

from mypolis.foundation.lib.crypto import keyring
from mypolis.foundation.lib.email_addresses import fold_email
from mypolis.foundation.lib.text.folding import fold_name
from mypolis.foundation.markets import market

type AsSql = tuple[str, tuple[str | int, ...]]


def name_key(market_code: str, *parts: str) -> str:
    """A name normalised for the market's script; names with equal keys count as the same name."""
    return fold_name(*parts, script=market(market_code).name_script)


def email_key(address: str) -> str:
    """The normalised form of an e-mail address; empty when there is no address."""
    return fold_email(address) if address else ""


def national_id_digest(number: str | None) -> bytes | None:
    """The keyed digest of a national id under the current key; None when there is no id."""
    return keyring.current().digest(number, purpose="national_id") if number else None


class LooseNumber(Func):
    """Database function that removes from a number what a person or a spreadsheet may have changed.

    It ignores letter case, separators, Cyrillic look-alikes and leading zeros. Equal results mean that two numbers
    may be the same number; they do not prove it.
    """

    output_field = CharField()
    template = (
        r"LTRIM(TRANSLATE(UPPER(REGEXP_REPLACE(%(expressions)s, '[\s./\\_#№–—-]+', '', 'g')), "
        r"'АВЕКМНОРСТУХавекмнорстух', 'ABEKMHOPCTYXABEKMHOPCTYX'), '0')"
    )


class NameWords(Func):
    """Database function: the words of `name_key`, each with its market, such as "rs:petrovic".

    So one index answers for the names of one market, however many people other markets have.
    """

    output_field = TextField()  # in fact a tsvector, which is only ever compared
    _SQL = "array_to_tsvector(string_to_array({market} || ':' || replace({name}, ' ', ' ' || {market} || ':'), ' '))"

    def __init__(self, market: str = "market", key: str = "name_key") -> None:
        super().__init__(market, key)

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *_args: Any, **_kwargs: Any) -> AsSql:
        """The function with the names of the two columns."""
        market, name = (compiler.compile(column)[0] for column in self.get_source_expressions())
        return self._SQL.format(market=market, name=name), ()


class WordIndex(Index):
    """An inverted index (GIN) for `NameWords`. Django's own needs an app that asks each new connection for types."""

    suffix = "gin"

    def create_sql(
        self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor, using: str = " USING gin", **kwargs: Any
    ) -> Statement:
        """The statement that creates the index."""
        return super().create_sql(model, schema_editor, using=using, **kwargs)


class HasWords(Func):
    """Database condition: a name in this market has all of these folded words, whole or as the beginning of a word."""

    output_field = BooleanField()
    arg_joiner = " @@ "
    template = "%(expressions)s::tsquery"

    def __init__(self, market_code: str, *, whole: Sequence[str] = (), begun: Sequence[str] = ()) -> None:
        of_market = {word: _quoted(f"{market_code}:{word}") for word in (*whole, *begun)}
        terms = [*(of_market[word] for word in whole), *(f"{of_market[word]}:*" for word in begun)]
        super().__init__(NameWords(), Value(" & ".join(terms)))


def _quoted(word: str) -> str:
    """A word as a term of a text query, whatever characters it has."""
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
