"""The limits of this room. `docs/reference/limits.md` says what each counts."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.guards.limits import Limit

TRAIL_EXPORTS = Limit(name="audit-exports", most=20, window=timedelta(days=1), words=_("Exports of the audit trail"))
VERIFICATIONS = Limit(
    name="audit-verifications", most=10, window=timedelta(days=1), words=_("Verifications of the audit trail")
)
