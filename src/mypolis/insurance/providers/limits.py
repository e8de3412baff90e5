"""The limits of this room. `docs/reference/limits.md` says what each counts."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.guards.limits import Limit

PROVIDER_CALLS = Limit(
    name="provider-calls", most=1_200, window=timedelta(hours=1), words=_("Calls of a provider’s program")
)
UNKNOWN_PROVIDER_CODES = Limit(
    name="unknown-provider-codes", most=60, window=timedelta(hours=1), words=_("Unknown card codes from a provider")
)
