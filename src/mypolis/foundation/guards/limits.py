"""The class `Limit`. Each room declares its limits in a module that its `apps.py` names: `limits = "limits"`."""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.rooms import Text, declared


@dataclass(frozen=True, kw_only=True)
class Limit:
    """Allows at most `most` uses in a `window` that begins with the first use.

    `per_address`: uses are counted per network of the caller's IP address. `risky_from`: after this number of uses from
    one network, a market with `captcha="by-risk"` shows the captcha. `words` say at the desk what is counted.
    """

    name: str
    most: int
    window: timedelta
    per_address: bool = False
    risky_from: int | None = None
    words: Text = field(default="", compare=False)

    @property
    def label(self) -> str:
        """What is counted, in the reader's language; the name, if a program made the limit."""
        return str(self.words) or self.name


WAITED_FORMS = Limit(
    name="waited-forms",
    most=60,
    window=timedelta(hours=1),
    per_address=True,
    words=_("Forms sent after waiting, from one network"),
)


@cache
def all_limits() -> tuple[Limit, ...]:
    """Return every declared limit, in the order of the rooms.

    Uses are counted by name, so two limits of one name would share their counters: raises ImproperlyConfigured.
    """
    found = [value for module in declared("limits") for value in vars(module).values() if isinstance(value, Limit)]
    limits = tuple(dict.fromkeys(found))  # a module may import a limit of another room
    names = [limit.name for limit in limits]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ImproperlyConfigured(f"two rooms declare the limit {', '.join(twice)}")
    return limits


@cache
def risky_limits() -> tuple[tuple[Limit, int], ...]:
    """Return the limits that can require a captcha, each with the number of uses from which they do."""
    return tuple((limit, limit.risky_from) for limit in all_limits() if limit.risky_from is not None)
