from mypolis.foundation.rooms import Room


class ClaimsRoom(Room):
    """Claims: drafts, sending, following, decisions."""

    name = "mypolis.insurance.claims"
    label = "claims"
    events = "event_kinds.ClaimEvent"
    file_owners = ("claims.claim",)
