"""The rights that a provider's token can have. Imports nothing from Django: the command line reads it first."""

from django.utils.translation.trans_null import gettext_noop

from mypolis.foundation.program_tokens.rights import rights_of
from mypolis.foundation.rooms import Right
from mypolis.installed import room_classes

CARD_CHECKS = Right("card-checks", gettext_noop("check a card that somebody presents now"), frozenset({"provider"}))


def provider_rights() -> dict[str, str]:
    """Every right that rooms declare for providers, with its description in English."""
    return rights_of("provider", room_classes())
