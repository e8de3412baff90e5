from mypolis.foundation.rooms import Room


class FactorsRoom(Room):
    """Passwords, passkeys, authenticator apps, recovery codes."""

    name = "mypolis.foundation.factors"
    label = "factors"
    events = "event_kinds.FactorEvent"
