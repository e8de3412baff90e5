"""The limits of this room. `docs/reference/limits.md` says what each counts."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.guards.limits import Limit

GUARANTEES_ASKED = Limit(name="guarantees-asked", most=10, window=timedelta(days=1), words=_("Requests for guarantees"))
