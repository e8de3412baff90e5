from mypolis.foundation.rooms import Command, Room


class OperatorsRoom(Room):
    """Command-line tools for operators who help a member."""

    name = "mypolis.membership.operators"
    label = "operators"
    events = "event_kinds.OperatorEvent"
    commands = (
        Command("contacts", "change how a member is reached", "contact_commands"),
        Command("limits", "see and lift what holds somebody up", "limit_commands"),
        Command("sessions", "sign members out", "session_commands"),
    )
