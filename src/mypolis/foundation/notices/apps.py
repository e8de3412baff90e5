from mypolis.foundation.rooms import Check, Pages, Room


class NoticesRoom(Room):
    """Outgoing messages, by e-mail and SMS."""

    name = "mypolis.foundation.notices"
    label = "notices"
    events = "event_kinds.NoticeEvent"
    pages = (Pages(place=10),)
    jobs = "jobs"
    checks = (Check("findings.findings", needs_sound_profiles=True),)
