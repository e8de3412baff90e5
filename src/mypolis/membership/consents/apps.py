from mypolis.foundation.rooms import Check, Pages, Room


class ConsentsRoom(Room):
    """Legal texts, and who consented to which version."""

    name = "mypolis.membership.consents"
    label = "consents"
    events = "event_kinds.ConsentEvent"
    pages = (Pages(place=40),)
    checks = (Check("findings.findings"),)
