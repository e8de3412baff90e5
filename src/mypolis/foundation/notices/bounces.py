"""Addresses to which mail cannot be delivered. Notifies rooms that declare `bounces`: they know the address's owner."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import transaction

from mypolis.foundation.events.actor import Actor
from mypolis.foundation.rooms import declared

type Cause = Literal["refused", "bounced", "complained"]


@dataclass(frozen=True, kw_only=True)
class Bounce:
    """An address that cannot be used. `market` is "" when only the address is known.

    "refused": the mail server rejected mail for it; "bounced": the mail came back later; "complained": its owner
    marked mail as unwanted. `at` is when we learnt it; it does not apply to an address that was confirmed later.
    """

    address: str
    market: str
    cause: Cause
    at: datetime


@transaction.atomic
def bounced(bounce: Bounce, *, by: Actor) -> None:
    """Call every room that declares `bounces`, in the caller's transaction. Idempotent."""
    for mark in declared("bounces"):
        mark(bounce, by)
