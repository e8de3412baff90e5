"""The events of this room."""

from mypolis.foundation.events.kinds import Kind, kind

_LIST = "reports.claimlist"


class ReportEvent(Kind):
    """Events about reports: a day was summed, a file was made or fetched."""

    REPORT_SUMMED = kind("report.summed", by="system", by_worker=True)
    REPORT_FETCHED = kind("report.fetched", by="staff")
    CLAIM_LIST_ASKED = kind("claim_list.asked", by="staff", about=_LIST)
    CLAIM_LIST_WRITTEN = kind("claim_list.written", by="system", about=_LIST, by_worker=True)
    CLAIM_LIST_FETCHED = kind("claim_list.fetched", by="staff", about=_LIST)
    CLAIM_LIST_FORGOTTEN = kind("claim_list.forgotten", by="system", about=_LIST, by_worker=True)
