"""The limits of this room. `docs/reference/limits.md` says what each counts."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.guards.limits import Limit

MANDATE_OFFERS = Limit(
    name="mandate-offers", most=5, window=timedelta(days=1), words=_("Offers to see the member’s cover")
)
CLAIM_CONSENT_REQUESTS = Limit(
    name="claim-consent-requests", most=5, window=timedelta(days=1), words=_("Requests to claim for relatives")
)
CLAIM_CONSENT_REQUESTS_TO_ONE = Limit(
    name="claim-consent-requests-to-one",
    most=3,
    window=timedelta(days=30),
    words=_("Requests to claim for this person"),
)
UNKNOWN_CONSENT_LINKS = Limit(
    name="unknown-consent-links",
    most=100,
    window=timedelta(hours=1),
    per_address=True,
    words=_("Unknown links to consents, from one network"),
)
MANDATE_OFFERS_TO_ONE = Limit(
    name="mandate-offers-to-one", most=3, window=timedelta(days=1), words=_("Messages about offers to see a cover")
)
