from django.utils.translation import gettext_lazy as _

from mypolis.foundation.rooms import DeskEntry, Pages, Room
from mypolis.offices.desk.rights import SEE_PEOPLE


class DeskRoom(Room):
    """The desk's pages about people."""

    name = "mypolis.offices.desk"
    label = "desk"
    events = "event_kinds.DeskEvent"
    limits = "limits"
    rights = (SEE_PEOPLE,)
    staff_pages = (Pages(place=20, urls="desk_urls"),)
    desk_entries = (DeskEntry(20, "desk-people", _("People"), "family", SEE_PEOPLE),)
