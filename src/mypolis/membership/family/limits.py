"""The limits of this room. `docs/reference/limits.md` says what each counts."""

from datetime import timedelta

from mypolis.foundation.guards.limits import Limit

MANDATE_OFFERS = Limit(name="mandate-offers", most=5, window=timedelta(days=1))
CLAIM_CONSENT_REQUESTS = Limit(name="claim-consent-requests", most=5, window=timedelta(days=1))
CLAIM_CONSENT_REQUESTS_TO_ONE = Limit(name="claim-consent-requests-to-one", most=3, window=timedelta(days=30))
UNKNOWN_CONSENT_LINKS = Limit(name="unknown-consent-links", most=100, window=timedelta(hours=1), per_address=True)
MANDATE_OFFERS_TO_ONE = Limit(name="mandate-offers-to-one", most=3, window=timedelta(days=1))
