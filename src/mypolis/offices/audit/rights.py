"""The rights of this room."""

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.rooms import Right

READ_TRAIL = Right(
    "audit",
    _("search the trail of events and verify its chain"),
    frozenset({"staff"}),
    frozenset({"auditor"}),
)
EXPORT_TRAIL = Right(
    "audit-files",
    _("export events of the trail as a file"),
    frozenset({"staff"}),
    frozenset({"auditor"}),
    fresh=True,
)
