"""Asks the room of guarantees whose letter a clinic's bill names, and tells it about the bill.

Rooms above add functions at two extension points:

- `claims.letter_holders`: `(market=, number=)` returns the membership, with its policy, of the letter with this number,
  or None;
- `claims.guarantees`: `(claim=, number=, is_last=, by=)`, called in the transaction that records the bill. It raises
  UnknownGuarantee if the member has no letter with this number.
"""

from mypolis.foundation.events import Actor
from mypolis.foundation.rooms import extensions
from mypolis.insurance.claims.models import Claim
from mypolis.membership.people.models import Membership


class UnknownGuarantee(Exception):
    """No letter of this member has the number that a bill names."""


def holder_of_letter(market: str, number: str) -> Membership | None:
    """The membership for which a letter was given; None if there is no such letter."""
    found = (holder(market=market, number=number) for holder in extensions("claims.letter_holders"))
    return next((one for one in found if one is not None), None)


def settle_guarantee(claim: Claim, number: str, *, is_last: bool, by: Actor) -> None:
    """Settle a letter with a bill. Raises UnknownGuarantee, also where no room keeps letters."""
    rooms = extensions("claims.guarantees")
    if not rooms:
        raise UnknownGuarantee
    for settle in rooms:
        settle(claim=claim, number=number, is_last=is_last, by=by)
