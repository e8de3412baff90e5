from mypolis.foundation.rooms import Command, Room


class ClaimsRoom(Room):
    """Claims: drafts, sending, following, decisions."""

    name = "mypolis.insurance.claims"
    label = "claims"
    events = "event_kinds.ClaimEvent"
    limits = "limits"
    messages = "message_templates.MESSAGES"
    jobs = "jobs"
    commands = (Command("claims", "decide claims"),)
    file_owners = ("claims.claim",)
