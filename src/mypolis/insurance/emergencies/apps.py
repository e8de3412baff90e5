from mypolis.foundation.rooms import Check, Room


class EmergenciesRoom(Room):
    """Whether words tell of an emergency, and whom to call."""

    name = "mypolis.insurance.emergencies"
    label = "emergencies"
    checks = (Check("lines.findings"),)
