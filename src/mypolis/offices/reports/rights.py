"""The rights of this room."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.rooms import Right
from mypolis.foundation.rooms.declared import Holder, Role

_STAFF: Final[frozenset[Holder]] = frozenset({"staff"})
_LEADS: Final[frozenset[Role]] = frozenset({"senior-assessor", "operator", "administrator"})

READ_REPORTS = Right("reports", _("read reports: sums of a market, nothing about a person"), _STAFF, _LEADS)
FETCH_REPORTS = Right("report-files", _("fetch reports and lists of claims as files"), _STAFF, _LEADS, fresh=True)
