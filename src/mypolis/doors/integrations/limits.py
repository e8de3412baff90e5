"""The limits of this room. `docs/reference/limits.md` says what each counts."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.guards.limits import Limit

PLAN_BOOKS_SENT = Limit(name="plan-books", most=30, window=timedelta(hours=1), words=_("Plan books sent by a partner"))
PARTNER_CALLS = Limit(
    name="partner-calls", most=3_600, window=timedelta(hours=1), words=_("Calls of a partner’s program")
)
