"""What can be proposed. A room declares its kinds: `approvals = ("approvals.CONTACT_CHANGE",)`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured

from mypolis.foundation.events import Actor
from mypolis.foundation.rooms import Right, Text, declared

if TYPE_CHECKING:
    from mypolis.foundation.staff.models import StaffAccount

type Payload = Mapping[str, Any]


class Stale(Exception):
    """What the proposal was about has changed meanwhile, so it must be made anew."""


@dataclass(frozen=True, kw_only=True)
class ApprovalKind:
    """A kind of change that needs a second person, who has `right` too.

    `facts(market, payload)` are the lines that the second person reads: name and value. `apply(market, payload, by)`
    makes the change in the transaction of the approval; `by` is the second person. It raises Stale if the proposal no
    longer fits. `concerns(market, payload, staff)` says whether the change is about this member of staff or their
    family: they may neither propose nor approve it. If it is `independent`, somebody who is an administrator thanks to
    the first person cannot be the second. `in_charge(market, payload, staff)` says whether somebody with the right in
    this market is in charge of all that the change touches: both people must be. `shown(market, payload, staff, by)` is
    called when somebody reads the facts: if they are about a member, it records that staff looked. `same` names parts
    of the payload: two open proposals of a market that agree in all of them are about the same thing, and the second is
    refused. Without names, any number may wait.
    """

    name: str
    title: Text
    right: Right
    facts: Callable[[str, Payload], Sequence[tuple[Text, Text]]]
    apply: Callable[[str, Payload, Actor], None]
    concerns: Callable[[str, Payload, "StaffAccount"], bool]
    independent: bool = False
    in_charge: Callable[[str, Payload, "StaffAccount"], bool] | None = None
    shown: Callable[[str, Payload, "StaffAccount", Actor], None] | None = None
    same: tuple[str, ...] = ()


@cache
def approval_kinds() -> dict[str, ApprovalKind]:
    """Every declared kind by its name. Raises ImproperlyConfigured for a duplicate."""
    found: list[ApprovalKind] = declared("approvals")
    by_name = {kind.name: kind for kind in found}
    if len(by_name) < len(found):
        raise ImproperlyConfigured("two rooms declare the same kind of approval")
    return by_name


def kinds_for(staff: "StaffAccount", market: str) -> list[str]:
    """The names of the kinds that this person may propose and approve in a market."""
    return [name for name, kind in approval_kinds().items() if staff.may(kind.right, market)]
