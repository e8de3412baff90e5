from mypolis.foundation.rooms import Room


class SigninRoom(Room):
    """Journeys of existing members: sign-in, recovery, changes of contact points, authenticator apps."""

    name = "mypolis.membership.signin"
    label = "signin"
    events = "event_kinds.SigninEvent"
    limits = "limits"
