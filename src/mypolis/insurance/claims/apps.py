from mypolis.foundation.rooms import Room


class ClaimsRoom(Room):
    """Claims: drafts, sending, following, decisions."""

    name = "mypolis.insurance.claims"
    label = "claims"
    events = "event_kinds.ClaimEvent"
    limits = "limits"
    messages = "message_templates.MESSAGES"
    jobs = "jobs"
    file_owners = ("claims.claim",)
