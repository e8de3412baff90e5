"""How a person is looked up: values folded as the market demands. Equal keys mean the same name, address or id."""

from django.db.models import CharField, Func

from mypolis.foundation.lib.crypto import keyring
from mypolis.foundation.lib.email_addresses import fold_email
from mypolis.foundation.lib.text.folding import fold_name
from mypolis.foundation.markets import market


def name_key(market_code: str, *parts: str) -> str:
    """A name folded as the market's script demands; equal keys are the same name."""
    return fold_name(*parts, script=market(market_code).name_script)


def email_key(address: str) -> str:
    """An e-mail address folded; empty for none."""
    return fold_email(address) if address else ""


def national_id_digest(number: str | None) -> bytes | None:
    """The keyed digest of a national id under today's key; None for none."""
    return keyring.current().digest(number, purpose="national_id") if number else None


class LooseNumber(Func):
    """In the database: a number without what a person or a spreadsheet may have changed.

    Letter case, separators, Cyrillic look-alikes and leading zeros do not count. It tells whether two numbers could be
    meant to be one; it never tells that they are.
    """

    output_field = CharField()
    template = (
        r"LTRIM(TRANSLATE(UPPER(REGEXP_REPLACE(%(expressions)s, '[\s./\\_#№–—-]+', '', 'g')), "
        r"'АВЕКМНОРСТУХавекмнорстух', 'ABEKMHOPCTYXABEKMHOPCTYX'), '0')"
    )
