"""Every limit there is, by name; `docs/reference/limits.md` lists them."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, kw_only=True)
class Limit:
    """At most `most` uses in a `window` that begins with the first use."""

    name: str
    most: int
    window: timedelta


NEW_JOURNEYS = Limit(name="journeys", most=1_000, window=timedelta(hours=1))
WAITED_FORMS = Limit(name="waited-forms", most=60, window=timedelta(hours=1))
FAILED_MATCHES = Limit(name="matches", most=10, window=timedelta(hours=1))
FAILED_MATCHES_PER_ADDRESS = Limit(name="matches-per-address", most=1_000, window=timedelta(hours=1))
RECOVERIES = Limit(name="recoveries", most=10, window=timedelta(hours=1))
CODE_TRIES = Limit(name="code-tries", most=5, window=timedelta(minutes=30))
PASSWORD_TRIES = Limit(name="password-tries", most=10, window=timedelta(minutes=30))
CODES_PER_ADDRESS = Limit(name="codes-per-address", most=3_000, window=timedelta(days=1))
