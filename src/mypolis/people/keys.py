"""The look-up columns of a person, computed in this one place from the values they stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mypolis.lib import keyring
from mypolis.lib.folding import fold_email, fold_name
from mypolis.markets import market

if TYPE_CHECKING:
    from mypolis.people.models import Person


def match_keys(person: Person) -> dict[str, str | bytes | None]:
    """Values of the look-up columns: the folded full name, the folded e-mail, the keyed digest of the national id."""
    return {
        "name_key": name_key(person.market, person.surname, person.given_name, person.patronymic),
        "email_key": fold_email(person.email) if person.email else "",
        "national_id_digest": keyring.current().digest(person.national_id, purpose="national_id")
        if person.national_id
        else None,
    }


def name_key(market_code: str, *parts: str) -> str:
    """A name folded as the market's script demands; equal keys are the same name."""
    return fold_name(*parts, script=market(market_code).name_script)
