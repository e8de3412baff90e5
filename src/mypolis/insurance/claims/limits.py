"""The limits of this room. `docs/reference/limits.md` says what each counts."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.guards.limits import Limit

CLAIMS_STARTED = Limit(name="claims-started", most=30, window=timedelta(days=1), words=_("Claims begun"))
CLAIMS_ENTERED = Limit(
    name="claims-entered", most=200, window=timedelta(days=1), words=_("Claims entered by a colleague")
)
CLAIM_PAPERS = Limit(name="claim-papers", most=60, window=timedelta(hours=1), words=_("Claim papers as PDF"))
