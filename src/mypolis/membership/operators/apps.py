from mypolis.foundation.rooms import Command, Room


class OperatorsRoom(Room):
    """Command-line tools for operators who help a member."""

    name = "mypolis.membership.operators"
    label = "operators"
    events = "event_kinds.OperatorEvent"
    commands = (
        Command("contacts", "change a member's e-mail or mobile", "contact_commands"),
        Command("limits", "show and lift the limits that block somebody", "limit_commands"),
        Command("sessions", "sign members out, lock and unlock accounts", "session_commands"),
    )
