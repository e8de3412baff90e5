"""The limits of this room. `docs/reference/limits.md` says what each counts."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.guards.limits import Limit

REPORT_FILES = Limit(name="report-files", most=50, window=timedelta(days=1), words=_("Reports fetched as files"))
