"""Tells the room of guarantees about a clinic's bill that names one of its letters.

Rooms above add functions at the extension point `claims.guarantees`: `(claim=, number=, is_last=, by=)`, called in the
transaction that records the bill. A function raises UnknownGuarantee if the member has no letter with this number.
"""

from mypolis.foundation.events import Actor
from mypolis.foundation.rooms import extensions
from mypolis.insurance.claims.models import Claim


class UnknownGuarantee(Exception):
    """No letter of this member has the number that a bill names."""


def settle_guarantee(claim: Claim, number: str, *, is_last: bool, by: Actor) -> None:
    """Settle a letter with a bill. Raises UnknownGuarantee, also where no room keeps letters."""
    rooms = extensions("claims.guarantees")
    if not rooms:
        raise UnknownGuarantee
    for settle in rooms:
        settle(claim=claim, number=number, is_last=is_last, by=by)
