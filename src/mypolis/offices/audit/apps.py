from django.utils.translation import gettext_lazy as _

from mypolis.foundation.rooms import DeskEntry, Pages, Room
from mypolis.offices.audit.rights import EXPORT_TRAIL, READ_TRAIL


class AuditRoom(Room):
    """The desk's pages about the trail of events."""

    name = "mypolis.offices.audit"
    label = "audit"
    events = "event_kinds.AuditEvent"
    limits = "limits"
    jobs = "jobs"
    rights = (READ_TRAIL, EXPORT_TRAIL)
    staff_pages = (Pages(place=80, urls="desk_urls"),)
    desk_entries = (DeskEntry(80, "desk-audit", _("Audit"), "eye", READ_TRAIL),)
