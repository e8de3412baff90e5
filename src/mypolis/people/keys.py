"""How a person is looked up: values folded as the market demands. Equal keys mean the same name, address or id."""

from mypolis.lib import keyring
from mypolis.lib.folding import fold_email, fold_name
from mypolis.markets import market


def name_key(market_code: str, *parts: str) -> str:
    """A name folded as the market's script demands; equal keys are the same name."""
    return fold_name(*parts, script=market(market_code).name_script)


def email_key(address: str) -> str:
    """An e-mail address folded; empty for none."""
    return fold_email(address) if address else ""


def national_id_digest(number: str | None) -> bytes | None:
    """The keyed digest of a national id under today's key; None for none."""
    return keyring.current().digest(number, purpose="national_id") if number else None
