"""The events of this room."""

from mypolis.foundation.events.kinds import Kind, kind


class ReportEvent(Kind):
    """Events about reports: a day was summed, a file was fetched."""

    REPORT_SUMMED = kind("report.summed", by="system", by_worker=True)
    REPORT_FETCHED = kind("report.fetched", by="staff")
