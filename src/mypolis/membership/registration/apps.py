from mypolis.foundation.rooms import Room


class RegistrationRoom(Room):
    """Every way to join."""

    name = "mypolis.membership.registration"
    label = "registration"
    limits = "limits"
    messages = "message_templates.MESSAGES"
