"""What a report is made of: tables of texts and numbers, which pages and files show alike."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.lib.tables.safe_csv import Cell
from mypolis.foundation.rooms import Text
from mypolis.foundation.web.charts.bars import BarChart
from mypolis.foundation.web.charts.line import LineChart
from mypolis.insurance.coverage.plan_books.benefit_names import benefit_names
from mypolis.insurance.coverage.plan_books.benefit_texts import say
from mypolis.offices.reports.models import ReportDay
from mypolis.offices.reports.sums.small_groups import LEAST, Groups, grouped
from mypolis.offices.reports.sums.spans import Span

FEW = f"< {LEAST}"
"""In place of a number that could tell about a person."""

OTHERS = _("Other benefits")


@dataclass(frozen=True)
class Table:
    """A table of a report. The first column names the row; the others are numbers or texts.

    `rows` is what files hold. `named_by` says what the first column is: a text, a day or a month (both as in ISO 8601).
    """

    title: Text
    columns: Sequence[Text]
    rows: Sequence[Sequence[Cell]]
    named_by: Literal["text", "day", "month"] = "text"

    @property
    def rows_on_page(self) -> list[list[str]]:
        """The rows for people: days, months and numbers as their language writes them."""
        return [[self._name(first), *(_shown(cell) for cell in others)] for first, *others in self.rows]

    @property
    def rows_in_sheet(self) -> Sequence[Sequence[Cell | date]]:
        """The rows for a spreadsheet program, which sorts and formats days only if they are days."""
        if self.named_by != "day":
            return self.rows
        return [[date.fromisoformat(str(first)), *others] for first, *others in self.rows]

    def _name(self, cell: Cell) -> str:
        if self.named_by == "day":
            return date_format(date.fromisoformat(str(cell)), "SHORT_DATE_FORMAT")
        if self.named_by == "month":
            return date_format(date.fromisoformat(f"{cell}-01"), "YEAR_MONTH_FORMAT")
        return str(cell)


@dataclass(frozen=True)
class Figures:
    """A report of a month. The charts repeat numbers of the tables."""

    tables: Sequence[Table]
    bars: BarChart | None = None
    line: LineChart | None = None


@dataclass(frozen=True)
class Report:
    """A report: `name` is in its address, `note` says how to read it, `make` reads the sums of a month."""

    name: str
    title: Text
    note: Text
    make: Callable[[Span], Figures]


def _shown(cell: Cell) -> str:
    if cell is None:
        return "–"
    return cell if isinstance(cell, str) else number_format(cell, force_grouping=True)


type Days = Sequence[tuple[date, str, Mapping[str, Any]]]  # day, key, numbers


def days_of(span: Span, kind: str) -> Days:
    """The stored sums of a kind, in the order of days and keys."""
    rows = ReportDay.objects.filter(market=span.profile.code, kind=kind, day__gte=span.first, day__lte=span.last)
    return list(rows.order_by("day", "key").values_list("day", "key", "numbers"))


def groups_of(span: Span, *names: str) -> Groups:
    """How the benefits of a month are shown, by the numbers of people with these names (`sums.summing`)."""
    people = {key: [numbers.get(name, 0) for name in names] for _day, key, numbers in days_of(span, "people_month")}
    return grouped(people)


def rows_by_benefit(span: Span, groups: Groups) -> list[tuple[Cell, tuple[str, ...]]]:
    """The rows of a table by benefit that have figures: the benefit's name, and the keys that are in the row.

    A name that two benefits have is followed by the key.
    """
    names = {key: say(name) for key, name in benefit_names(span.profile.code).items()}
    times = Counter(names.get(key, key) for key in groups.alone)
    rows: list[tuple[Cell, tuple[str, ...]]] = []
    for key in groups.alone:
        name = names.get(key, key) or "–"
        rows.append((name if times[name] < 2 else f"{name} ({key})", (key,)))
    if groups.together and not groups.is_hidden:
        rows.append((str(OTHERS), groups.together))
    return rows


def hidden_row(groups: Groups, columns: int) -> list[Sequence[Cell]]:
    """The one row of a table by benefit whose figures are about too few people; nothing if there are enough."""
    return [(str(OTHERS), FEW, *[""] * (columns - 2))] if groups.is_hidden else []
