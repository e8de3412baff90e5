"""What a limit is. Each room declares its own in a module that its `apps.py` names: `limits = "limits"`."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from mypolis.foundation.rooms import declared


@dataclass(frozen=True, kw_only=True)
class Limit:
    """At most `most` uses in a `window` that begins with the first use.

    `per_address`: it is counted for the network of the caller's address. `risky_from`: from so many uses of an address
    on, a market that asks its captcha by risk asks it.
    """

    name: str
    most: int
    window: timedelta
    per_address: bool = False
    risky_from: int | None = None


WAITED_FORMS = Limit(name="waited-forms", most=60, window=timedelta(hours=1), per_address=True)


@cache
def all_limits() -> tuple[Limit, ...]:
    """Every limit that the rooms of this deployment declare, in the order of the rooms."""
    found = (value for module in declared("limits") for value in vars(module).values() if isinstance(value, Limit))
    return tuple({limit.name: limit for limit in found}.values())


@cache
def risky_limits() -> tuple[tuple[Limit, int], ...]:
    """The limits whose use calls for a captcha, each with the number of uses."""
    return tuple((limit, limit.risky_from) for limit in all_limits() if limit.risky_from is not None)
