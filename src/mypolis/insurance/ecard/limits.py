"""The limits of this room. `docs/reference/limits.md` says what each counts."""

from datetime import timedelta

from mypolis.foundation.guards.limits import Limit

CARD_CHECKS = Limit(name="card-checks", most=60, window=timedelta(hours=1))
CARD_CHECKS_PER_ADDRESS = Limit(name="card-checks-per-address", most=1_000, window=timedelta(hours=1), per_address=True)
GOOD_CARD_CHECKS_PER_ADDRESS = Limit(
    name="good-card-checks-per-address", most=1_000, window=timedelta(hours=1), per_address=True
)
OTHER_CARD_CHECKS = Limit(name="other-card-checks", most=60, window=timedelta(hours=1))
CARD_REISSUES = Limit(name="card-reissues", most=5, window=timedelta(days=1))
CARD_PAPERS = Limit(name="card-papers", most=30, window=timedelta(hours=1))
LETTERS = Limit(name="letters", most=10, window=timedelta(days=1))
