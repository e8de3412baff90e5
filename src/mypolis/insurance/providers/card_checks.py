"""A provider checks a card that somebody presents at its counter: by the card's code, never by a name or number."""

from mypolis.foundation.events import Actor
from mypolis.foundation.guards.flows import require_left, spend
from mypolis.insurance.ecard.counter.card_codes import read_code
from mypolis.insurance.ecard.counter.checking import Checked, UnknownCode, check_card
from mypolis.insurance.ecard.models import Card
from mypolis.insurance.providers.limits import UNKNOWN_PROVIDER_CODES
from mypolis.insurance.providers.models import Provider
from mypolis.membership.people.models import Membership


class NotPresentedNow(Exception):
    """The code is genuine, but the cover is not in force, or nobody shows the card now; `outcome` says which."""

    def __init__(self, outcome: str) -> None:
        super().__init__(outcome)
        self.outcome = outcome


def check_presented(*, provider: Provider, text: str, by: Actor) -> Checked:
    """The answer for a card's code, or for the address in its QR code. The member sees the check, as every other one.

    Unknown codes count for the provider: somebody who tries codes is stopped soon. Raises UnknownCode, LimitReached.
    """
    require_left([(UNKNOWN_PROVIDER_CODES, str(provider.pk))], market=provider.market)
    try:
        return check_card(text=code_in(text), market=provider.market, by=by)
    except UnknownCode:
        spend(UNKNOWN_PROVIDER_CODES, str(provider.pk), market=provider.market)
        raise


def member_present(*, provider: Provider, text: str, by: Actor) -> Membership:
    """The cover of the card that somebody shows now: not one on paper, which a clinic could keep.

    Raises UnknownCode, LimitReached, NotPresentedNow.
    """
    found = check_presented(provider=provider, text=text, by=by)
    code = read_code(code_in(text))
    if found.outcome != "active" or found.use == "print" or code is None:
        raise NotPresentedNow(found.outcome if found.outcome != "active" else "on_paper")
    return Card.objects.select_related("membership__policy", "membership__person").get(pk=code.card_id).membership


def code_in(text: str) -> str:
    """The code in a scanned text: all of it, or the last part of an address."""
    return text.strip().rstrip("/").rpartition("/")[2]
