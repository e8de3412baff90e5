"""How long the next code has to wait, counted per contact point across all journeys."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from mypolis.membership.accounts.limits import RESEND
from mypolis.membership.accounts.models import OneTimeCode

_SLOWEST = timedelta(minutes=10)
REMEMBERED = timedelta(hours=1)  # how long an unused code makes the next ones wait


def underway(line: Iterable[OneTimeCode]) -> list[datetime]:
    """When the codes of a line that nobody entered yet were sent, oldest first.

    An entered code resets the wait, because it shows that the owner of the contact point asked for the codes.
    """
    sent: list[datetime] = []
    for code in line:
        sent = [] if code.used_at is not None else [*sent, code.created_at]
    return sent


def next_code_at(sent: list[datetime], *, at_once: int = 0) -> datetime | None:
    """When the next code may be sent: 30 s after the first, doubling each time, up to 10 minutes. None: at once."""
    many = len(sent) - at_once
    if many <= 0:
        return None
    wait: timedelta = min(RESEND.window * 2 ** (many - 1), _SLOWEST)
    return sent[-1] + wait
