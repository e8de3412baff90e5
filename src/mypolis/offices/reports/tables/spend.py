"""What was granted and paid, by benefit, and month by month."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from mypolis.foundation.lib.tables.safe_csv import Cell
from mypolis.offices.reports.sums.spans import Span
from mypolis.offices.reports.tables.table import Figures, Report, Table, days_of, groups_of, hidden_row, rows_by_benefit

_YEAR = timedelta(days=340)  # from the last day of a month back into the month eleven months before

type Sums = dict[tuple[str, str], Decimal]  # by currency and "granted" or "paid"


def make(span: Span) -> Figures:
    """The report of a month, and of the eleven before it."""
    by_benefit: dict[str, Sums] = {}
    for _day, key, numbers in days_of(span, "spend"):
        _add(by_benefit.setdefault(key, {}), numbers)
    groups = groups_of(span, "decided", "paid")
    columns = (_("Benefit"), _("Currency"), _("Granted"), pgettext("claim", "Paid"))
    rows = [
        row
        for first, keys in rows_by_benefit(span, groups)
        for row in _rows(first, [by_benefit.get(k, {}) for k in keys])
    ]
    year = Span(span.profile, (span.last - _YEAR).replace(day=1), span.last)
    months: list[tuple[Cell, ...]] = []
    for day, currency, numbers in days_of(year, "spend_month"):
        sums: Sums = {}
        _add(sums, {currency: numbers})
        months += _rows(date_format(day, "Y-m"), [sums])
    return Figures(
        (
            Table(_("By benefit"), columns, [*rows, *hidden_row(groups, len(columns))]),
            Table(_("By month"), (_("Month"), *columns[1:]), months, named_by="month"),
        )
    )


def _add(sums: Sums, numbers: Mapping[str, Mapping[str, str]]) -> None:
    for currency, both in numbers.items():
        for name, amount in both.items():
            sums[currency, name] = sums.get((currency, name), Decimal(0)) + Decimal(amount)


def _rows(first: Cell, parts: list[Sums]) -> list[tuple[Cell, ...]]:
    """One row for each currency of the sums together."""
    currencies = sorted({currency for part in parts for currency, _name in part})
    return [
        (first, currency, *(_sum(parts, currency, name) for name in ("granted", "paid"))) for currency in currencies
    ]


def _sum(parts: list[Sums], currency: str, name: str) -> Decimal:
    return sum((part.get((currency, name), Decimal(0)) for part in parts), Decimal(0))


REPORT = Report(
    "spend",
    gettext_lazy("Spend"),
    gettext_lazy(
        "Granted counts on the day of a decision, a later one with the difference. Paid counts on the bank’s day."
    ),
    make,
)
