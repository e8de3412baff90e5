from mypolis.foundation.rooms import Room


class SigninRoom(Room):
    """Every way back in."""

    name = "mypolis.membership.signin"
    label = "signin"
    events = "event_kinds.SigninEvent"
    limits = "limits"
