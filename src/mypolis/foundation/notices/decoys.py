"""Makes a decoy behave like the last real messages of its channel.

A stranger can see when the lifetime of a code starts. If decoys always succeeded at once, a stranger could tell them
from real messages whenever the provider is slow or fails.
"""

import secrets
import time
from collections import deque
from dataclasses import dataclass

from mypolis.foundation.notices.gateways import DeliveryFailed


@dataclass(frozen=True)
class Outcome:
    """How long a partner took for a real message, and the reason if it failed temporarily."""

    seconds: float
    failure: str | None = None


_recent: dict[str, deque[Outcome]] = {"email": deque(maxlen=20), "sms": deque(maxlen=20)}


def remember(channel: str, outcome: Outcome) -> None:
    """Store the outcome of a real message for later decoys in this process."""
    _recent[channel].append(outcome)


def imitate(channel: str) -> None:
    """Wait as long as one of the last real messages took. Raises DeliveryFailed if that one failed temporarily."""
    past = tuple(_recent[channel])
    if not past:
        return
    outcome = secrets.choice(past)
    time.sleep(outcome.seconds)
    if outcome.failure:
        raise DeliveryFailed(outcome.failure)


def forget() -> None:
    """Forget all outcomes, for tests."""
    for outcomes in _recent.values():
        outcomes.clear()
