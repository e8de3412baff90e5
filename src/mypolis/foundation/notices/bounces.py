"""Addresses to which mail cannot be delivered. Rooms that declare `bounces` are told: they know whose an address is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import transaction

from mypolis.foundation.events.actor import Actor
from mypolis.foundation.rooms import declared

type Cause = Literal["refused", "bounced", "complained"]


@dataclass(frozen=True, kw_only=True)
class Bounce:
    """An address that is of no use. `market` is "" where all that is known is the address.

    "refused": the mail server took nothing for it; "bounced": the mail came back later; "complained": its owner
    called it unwanted. What was learnt `at` a moment says nothing about an address that was confirmed later.
    """

    address: str
    market: str
    cause: Cause
    at: datetime


@transaction.atomic
def bounced(bounce: Bounce, *, by: Actor) -> None:
    """Tell every room that declares `bounces`, in the transaction that learnt of it. Harmless to repeat."""
    for mark in declared("bounces"):
        mark(bounce, by)
