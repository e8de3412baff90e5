"""Look-up keys of a person: values normalised by the market's rules. Equal keys mean the same name, address or id."""

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement
from django.db.models import BooleanField, CharField, Func, Index, Model, TextField, Value

from mypolis.foundation.lib.crypto import keyring
from mypolis.foundation.lib.email_addresses import fold_email
from mypolis.foundation.lib.text.folding import fold_name
from mypolis.foundation.markets import market

LONGEST_BEGINNING = 12
"""Letters in the longest entry of the index of names. Longer entries would only make the index larger."""
_ENOUGH = "2000"


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


class NameBeginnings(Func):
    """Database function: how the words of `name_key` begin, each with its market, such as "rs:pet", "rs:petr", …

    A word of fewer than three letters is there only whole. Beginnings are at most twelve letters long. So an index
    answers for beginnings with exact entries: it need not walk through all names that begin so. As each entry names
    the market, it does not matter how many people other markets have.
    """

    function = "people_name_beginnings"
    output_field = TextField()  # in fact an array of texts, which is only ever searched

    def __init__(self, market: str = "market", key: str = "name_key") -> None:
        super().__init__(market, key)


class BeginningsIndex(Index):
    """An inverted index (GIN) for `NameBeginnings`. Django's needs an app that asks each new connection for types."""

    suffix = "gin"

    def create_sql(
        self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor, using: str = " USING gin", **kwargs: Any
    ) -> Statement:
        """The statement that creates the index."""
        return super().create_sql(model, schema_editor, using=using, **kwargs)


class HasBeginnings(Func):
    """Database condition: a name in this market has words that begin so. At most twelve letters of each are compared.

    Words of fewer than three letters are compared whole. Without words it matches nobody. With one word, at random
    about two thousand of those who match are enough; with more words, everybody who matches is found.
    """

    output_field = BooleanField()
    arg_joiner = " @> "
    template = "(%(expressions)s)"

    def __init__(self, market_code: str, words: Sequence[str]) -> None:
        entries = [f"{market_code}:{word[:LONGEST_BEGINNING]}" for word in words]
        is_enough = len(words) == 1 and len(words[0]) <= LONGEST_BEGINNING
        wanted = Value(entries or [""])  # every array contains an empty one
        super().__init__(NameBeginnings(), _Wanted(wanted, Value(_ENOUGH if is_enough else "0")))


class _Wanted(Func):
    """Entries to look up, and how many matches of one entry are enough ("0": all).

    The most frequent surname of a million people has 60,000 matches, of which a page shows twenty. PostgreSQL collects
    all of them, unless `gin_fuzzy_search_limit` says how many are enough. It is set when the entries are read, so just
    before the index is. For several entries it must be off, because each would leave out others.
    """

    output_field = TextField()
    template = "(SELECT %(expressions)s, true))"
    arg_joiner = "::text[] FROM set_config('gin_fuzzy_search_limit', "
