from mypolis.foundation.rooms import Room


class RegistrationRoom(Room):
    """Registration journeys, one module per market."""

    name = "mypolis.membership.registration"
    label = "registration"
    limits = "limits"
    messages = "message_templates.MESSAGES"
