"""Fetches a report as a file, under a limit, and records who fetched what."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.guards.flows import spend
from mypolis.foundation.lib.tables.safe_csv import Cell, csv_lines
from mypolis.foundation.lib.tables.safe_xlsx import Sheet, workbook
from mypolis.foundation.staff.models import StaffAccount
from mypolis.offices.reports.event_kinds import ReportEvent
from mypolis.offices.reports.limits import REPORT_FILES
from mypolis.offices.reports.sums.spans import Span
from mypolis.offices.reports.tables.table import Report, Table

type Form = Literal["csv", "xlsx"]

MEDIA_TYPES: dict[Form, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class ReportFile:
    """A file for a colleague."""

    name: str
    media_type: str
    content: bytes


@transaction.atomic
def fetch_report(*, report: Report, span: Span, form: Form, staff: StaffAccount, by: Actor) -> ReportFile:
    """Return a report of a month as a file. It says of which market and days it is, who made it and when.

    Raises LimitReached.
    """
    market = span.profile.code
    spend(REPORT_FILES, str(by), market=market)
    record(ReportEvent.REPORT_FETCHED, market=market, by=by, report=report.name, since=f"{span.first:%Y-%m}", form=form)
    head, tables = _head(report, span, staff), report.make(span).tables
    content = "".join(csv_lines(_lines(head, tables))).encode() if form == "csv" else workbook(_sheets(head, tables))
    return ReportFile(f"{report.name}-{market}-{span.first:%Y-%m}.{form}", MEDIA_TYPES[form], content)


def _head(report: Report, span: Span, staff: StaffAccount) -> list[tuple[Cell, ...]]:
    now = timezone.localtime(timezone.now(), span.profile.zone)
    return [
        (_("Report"), str(report.title)),
        (_("Market"), str(span.profile.name)),
        (_("Period"), f"{span.first.isoformat()} – {span.last.isoformat()}"),
        (_("Made by"), staff.name),
        (_("Made at"), date_format(now, "Y-m-d H:i e")),
        (_("How to read it"), str(report.note)),
    ]


def _lines(head: Sequence[Sequence[Cell]], tables: Sequence[Table]) -> Iterator[Sequence[Cell]]:
    yield from head
    for table in tables:
        yield ()
        yield (str(table.title),)
        yield [str(column) for column in table.columns]
        yield from table.rows


def _sheets(head: Sequence[Sequence[Cell]], tables: Sequence[Table]) -> list[Sheet]:
    """The head on a sheet of its own, then one sheet for each table."""
    made: list[Sheet] = [(f"0 {_('Report')}", head)]
    for number, table in enumerate(tables, start=1):
        columns = [str(column) for column in table.columns]
        made.append((f"{number} {table.title}", [columns, *table.rows_in_sheet]))
    return made
