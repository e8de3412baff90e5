"""The rights of this room."""

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.rooms import Right

PORTAL_STATE = Right(
    "portal-state",
    _("see how the portal runs: messages, background work, limits, counts by day"),
    frozenset({"staff"}),
    frozenset({"administrator", "operator"}),
)
