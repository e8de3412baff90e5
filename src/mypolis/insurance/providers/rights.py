"""The rights that a provider's token can have. Imports nothing from Django: the command line reads it first."""

from datetime import timedelta

from django.utils.translation.trans_null import gettext_noop

from mypolis.foundation.rooms import Right
from mypolis.installed import room_classes

CARD_CHECKS = Right("card-checks", gettext_noop("check a card that somebody presents now"), frozenset({"provider"}))
LONGEST_LIFE = timedelta(days=400)


def provider_rights() -> dict[str, str]:
    """Every right that rooms declare for providers, with its description."""
    rights = (right for room in room_classes() for right in room.rights if "provider" in right.holders)
    return {right.name: str(right.does) for right in rights}
