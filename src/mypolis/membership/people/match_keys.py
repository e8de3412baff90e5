"""Look-up keys of a person: values normalised by the market's rules. Equal keys mean the same name, address or id."""

from django.db.models import CharField, Func

from mypolis.foundation.lib.crypto import keyring
from mypolis.foundation.lib.email_addresses import fold_email
from mypolis.foundation.lib.text.folding import fold_name
from mypolis.foundation.markets import market


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
