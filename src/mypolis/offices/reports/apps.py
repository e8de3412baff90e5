from django.utils.translation import gettext_lazy as _

from mypolis.foundation.rooms import DeskEntry, Pages, Room
from mypolis.offices.reports.retention import CLAIM_LISTS
from mypolis.offices.reports.rights import FETCH_REPORTS, READ_REPORTS


class ReportsRoom(Room):
    """Reports of a market, as pages and as files."""

    name = "mypolis.offices.reports"
    label = "reports"
    events = "event_kinds.ReportEvent"
    limits = "limits"
    jobs = "jobs"
    rights = (READ_REPORTS, FETCH_REPORTS)
    staff_pages = (Pages(place=70, urls="desk_urls"),)
    retention = (CLAIM_LISTS,)
    demo_data = ("demo_data.sum_sample_days",)
    file_owners = ("reports.claimlist",)
    desk_entries = (DeskEntry(70, "desk-reports", _("Reports"), "file", READ_REPORTS),)
