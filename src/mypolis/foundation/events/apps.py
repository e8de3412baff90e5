from mypolis.foundation.rooms import Command, Room


class EventsRoom(Room):
    """The audit trail: who did what, when, from where."""

    name = "mypolis.foundation.events"
    label = "events"
    commands = (Command("events", "check the audit trail"),)
    jobs = "jobs"
