from django.utils.translation import gettext_lazy as _

from mypolis.foundation.rooms import Command, DeskEntry, Pages, Room
from mypolis.foundation.switches.rights import BANNERS, SWITCH_ROOMS


class SwitchesRoom(Room):
    """What staff switch while the portal runs: rooms that are off for now, and notices above the pages."""

    name = "mypolis.foundation.switches"
    label = "switches"
    events = "event_kinds.SwitchEvent"
    staff_pages = (Pages(place=80, urls="desk_urls"),)
    desk_entries = (
        DeskEntry(86, "desk-banners", _("Notices to all"), "bell", BANNERS),
        DeskEntry(88, "desk-switches", _("Switches"), "lock", SWITCH_ROOMS),
    )
    commands = (Command("switches", "switch rooms of a market off and on"),)
    rights = (SWITCH_ROOMS, BANNERS)
    extends = {"journeys.gates": ("gates.close_journeys",)}
