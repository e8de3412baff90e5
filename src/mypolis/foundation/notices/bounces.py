"""Addresses to which mail cannot be delivered: told to the rooms above, which know whose they are.

A room asks to be told with `on_bounce`, when it starts; this room knows neither accounts nor invitations.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import transaction

from mypolis.foundation.events.actor import Actor

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


type Listener = Callable[[Bounce, Actor], None]

_listeners: list[Listener] = []


def on_bounce(listener: Listener) -> None:
    """From now on tell `listener` of every bounce, within the transaction that learnt of it."""
    if listener not in _listeners:
        _listeners.append(listener)


@transaction.atomic
def bounced(bounce: Bounce, *, by: Actor) -> None:
    """Tell everybody who asked. Harmless to repeat."""
    for listener in _listeners:
        listener(bounce, by)
