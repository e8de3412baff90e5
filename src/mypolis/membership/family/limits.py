"""The limits of this room. `docs/reference/limits.md` says what each counts."""

from datetime import timedelta

from mypolis.foundation.guards.limits import Limit

MANDATE_OFFERS = Limit(name="mandate-offers", most=5, window=timedelta(days=1))
MANDATE_OFFERS_TO_ONE = Limit(name="mandate-offers-to-one", most=3, window=timedelta(days=1))
