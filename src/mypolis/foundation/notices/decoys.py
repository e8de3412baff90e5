"""How a decoy behaves: as the last real messages of its channel did.

A stranger can watch when a code's clock starts. Were decoys taken at once and always, they would be told
apart whenever the provider is slow or failing.
"""

import secrets
import time
from collections import deque
from dataclasses import dataclass

from mypolis.foundation.notices.gateways import DeliveryFailed


@dataclass(frozen=True)
class Outcome:
    """How long a partner took for a real message, and why it failed for now, if it did."""

    seconds: float
    failure: str | None = None


_recent: dict[str, deque[Outcome]] = {"email": deque(maxlen=20), "sms": deque(maxlen=20)}


def remember(channel: str, outcome: Outcome) -> None:
    """Keep the outcome of a real message, for decoys to come in this process."""
    _recent[channel].append(outcome)


def imitate(channel: str) -> None:
    """Take as long as one of the last real messages did. Raises DeliveryFailed if that one failed for now."""
    past = tuple(_recent[channel])
    if not past:
        return
    outcome = secrets.choice(past)
    time.sleep(outcome.seconds)
    if outcome.failure:
        raise DeliveryFailed(outcome.failure)


def forget() -> None:
    """Start afresh, for tests."""
    for outcomes in _recent.values():
        outcomes.clear()
