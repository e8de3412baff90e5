"""The rights to guarantees that a provider's token or a member of staff can have."""

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation.trans_null import gettext_noop

from mypolis.foundation.rooms import Right
from mypolis.foundation.rooms.declared import Holder

GUARANTEES = Right(
    "guarantees", gettext_noop("ask for a guarantee for whoever presents a card"), frozenset({"provider"})
)
_STAFF: Final[frozenset[Holder]] = frozenset({"staff"})
ASSESS_GUARANTEES = Right(
    "assess-guarantees",
    _("take guarantees, give, extend, refuse and revoke them up to a sum"),
    _STAFF,
    frozenset({"assessor", "senior-assessor"}),
    shows_health=True,
)
REVIEW_GUARANTEES = Right(
    "review-guarantees",
    _("confirm or send back a guarantee that somebody else proposed"),
    _STAFF,
    frozenset({"senior-assessor"}),
    shows_health=True,
)
