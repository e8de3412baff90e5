"""The limits of this room. `docs/reference/limits.md` says what each counts."""

from datetime import timedelta

from mypolis.foundation.guards.limits import Limit

PROVIDER_CALLS = Limit(name="provider-calls", most=1_200, window=timedelta(hours=1))
UNKNOWN_PROVIDER_CODES = Limit(name="unknown-provider-codes", most=60, window=timedelta(hours=1))
