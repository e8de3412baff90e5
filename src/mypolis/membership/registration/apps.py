from mypolis.foundation.rooms import Room


class RegistrationRoom(Room):
    """Registration journeys."""

    name = "mypolis.membership.registration"
    label = "registration"
    limits = "limits"
    messages = "message_templates.MESSAGES"
