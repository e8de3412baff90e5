from mypolis.foundation.rooms import Check, Room


class EmergenciesRoom(Room):
    """Detects emergencies in words, and says whom to call."""

    name = "mypolis.insurance.emergencies"
    label = "emergencies"
    checks = (Check("lines.findings"),)
