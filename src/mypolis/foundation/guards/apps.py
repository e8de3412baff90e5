from mypolis.foundation.rooms import Check, Room


class GuardsRoom(Room):
    """Limits and captchas."""

    name = "mypolis.foundation.guards"
    label = "guards"
    limits = "limits"
    jobs = "jobs"
    checks = (Check("findings.findings", needs_sound_profiles=True),)
