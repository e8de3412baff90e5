"""The rights of staff in this room."""

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.rooms import Right

STAFF_RELATIONS = Right(
    "staff-relations",
    _("note which insured person a member of staff is"),
    frozenset({"staff"}),
    frozenset({"administrator"}),
    fresh=True,
    four_eyes=True,
)
