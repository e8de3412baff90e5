from mypolis.foundation.rooms import Check, Command, Room


class KeysRoom(Room):
    """The key ring: creating it, and rotating its keys while the portal runs."""

    name = "mypolis.foundation.keys"
    label = "keys"
    events = "event_kinds.KeyEvent"
    commands = (Command("keys", "create and rotate the encryption keys"),)
    checks = (Check("findings.findings"),)
