"""The limits of this room. `docs/reference/limits.md` says what each counts."""

from datetime import timedelta

from mypolis.foundation.guards.limits import Limit

PLAN_BOOKS_SENT = Limit(name="plan-books", most=30, window=timedelta(hours=1))
PARTNER_CALLS = Limit(name="partner-calls", most=3_600, window=timedelta(hours=1))
