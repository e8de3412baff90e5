from mypolis.foundation.rooms import Api, Command, Room
from mypolis.insurance.providers.rights import CARD_CHECKS


class ProvidersRoom(Room):
    """Providers of care, and the tokens of their programs."""

    name = "mypolis.insurance.providers"
    label = "providers"
    events = "event_kinds.ProviderEvent"
    limits = "limits"
    api = (Api(),)
    commands = (Command("providers", "load providers of care, and manage the tokens of their programs"),)
    rights = (CARD_CHECKS,)
