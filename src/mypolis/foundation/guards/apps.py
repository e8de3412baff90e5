from mypolis.foundation.guards.retention import REFUSALS
from mypolis.foundation.rooms import Check, DeskCard, Room
from mypolis.foundation.web.rights import PORTAL_STATE


class GuardsRoom(Room):
    """Limits and captchas."""

    name = "mypolis.foundation.guards"
    label = "guards"
    limits = "limits"
    jobs = "jobs"
    retention = (REFUSALS,)
    desk_cards = (DeskCard(75, "guards/desk/limits.html", "desk_card.limits_at_desk", PORTAL_STATE),)
    checks = (Check("findings.findings", needs_sound_profiles=True),)
