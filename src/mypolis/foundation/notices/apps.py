from mypolis.foundation.rooms import Check, DeskCard, Pages, Room
from mypolis.foundation.web.rights import PORTAL_STATE


class NoticesRoom(Room):
    """Outgoing messages, by e-mail and SMS."""

    name = "mypolis.foundation.notices"
    label = "notices"
    events = "event_kinds.NoticeEvent"
    pages = (Pages(place=10),)
    jobs = "jobs"
    desk_cards = (DeskCard(80, "notices/desk/messages.html", "desk_card.messages_at_desk", PORTAL_STATE, beside=True),)
    checks = (Check("findings.findings", needs_sound_profiles=True),)
