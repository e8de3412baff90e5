"""The limits of this room. `docs/reference/limits.md` says what each counts."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.guards.limits import Limit

FAILED_MATCHES = Limit(
    name="matches", most=10, window=timedelta(hours=1), words=_("Searches for a person who registers")
)
FAILED_MATCHES_PER_ADDRESS = Limit(
    name="matches-per-address",
    most=1_000,
    window=timedelta(hours=1),
    per_address=True,
    risky_from=5,
    words=_("Searches for people who register, from one network"),
)
