"""Every report, in the order of the page that lists them."""

from mypolis.offices.reports.tables import ageing, funnel, rates, spend, turnaround
from mypolis.offices.reports.tables.table import Report

_IN_ORDER: tuple[Report, ...] = (turnaround.REPORT, ageing.REPORT, rates.REPORT, spend.REPORT, funnel.REPORT)
REPORTS = {one.name: one for one in _IN_ORDER}
