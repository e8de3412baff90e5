"""The rights of this room."""

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.rooms import Right

SWITCH_ROOMS = Right(
    "switches",
    _("switch rooms of a market off and on"),
    frozenset({"staff"}),
    frozenset({"administrator"}),
    fresh=True,
)
BANNERS = Right(
    "banners",
    _("publish notices above the pages of a market, and withdraw them"),
    frozenset({"staff"}),
    frozenset({"administrator", "editor"}),
)
