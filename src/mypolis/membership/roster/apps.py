from mypolis.foundation.rooms import Command, Room


class RosterRoom(Room):
    """Lists of insured people, and the invitations that follow."""

    name = "mypolis.membership.roster"
    label = "roster"
    events = "event_kinds.RosterEvent"
    messages = "message_templates.MESSAGES"
    commands = (Command("roster", "load lists of insured people"),)
    jobs = "jobs"
    bounces = ("bounces.mark",)
    extends = {"desk.person_sections": ("desk_section.INVITATIONS",)}
