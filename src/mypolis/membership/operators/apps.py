from mypolis.foundation.rooms import Command, Room


class OperatorsRoom(Room):
    """What operators do for a member from the command line."""

    name = "mypolis.membership.operators"
    label = "operators"
    events = "event_kinds.OperatorEvent"
    commands = (
        Command("contacts", "change how a member is reached", "contact_commands"),
        Command("limits", "see and lift what holds somebody up", "limit_commands"),
        Command("sessions", "sign members out", "session_commands"),
    )
