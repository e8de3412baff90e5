"""The events of this room."""

from mypolis.foundation.events.kinds import Kind, kind


class SwitchEvent(Kind):
    """What staff switch."""

    ROOM_OFF = kind("room.switched_off", by="staff system", about="switches.switchedoff")
    ROOM_ON = kind("room.switched_on", by="staff system")
    BANNER_PUBLISHED = kind("banner.published", by="staff", about="switches.banner")
    BANNER_WITHDRAWN = kind("banner.withdrawn", by="staff", about="switches.banner")
