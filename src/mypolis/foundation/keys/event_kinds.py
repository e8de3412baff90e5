"""The events of this room."""

from mypolis.foundation.events.kinds import Kind, kind


class KeyEvent(Kind):
    """Events about the key ring."""

    KEYS_ROTATED = kind("keys.rotated", by="staff", of_no_market=True)
