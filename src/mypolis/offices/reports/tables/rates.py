"""How claims are decided, by benefit: what is approved, replaced and appealed. Never by who decided."""

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mypolis.foundation.lib.tables.safe_csv import Cell
from mypolis.offices.reports.sums.small_groups import LEAST
from mypolis.offices.reports.sums.spans import Span
from mypolis.offices.reports.tables.table import (
    FEW,
    Figures,
    Report,
    Table,
    days_of,
    groups_of,
    hidden_row,
    rows_by_benefit,
)

_OUTCOMES = ("approved", "partly_approved", "rejected")


def make(span: Span) -> Figures:
    """The report of a month."""
    sums: dict[str, Counter[str]] = {}
    for _day, key, numbers in days_of(span, "rates"):
        sums.setdefault(key, Counter()).update(numbers)
    groups = groups_of(span, "first")
    columns = (
        *(_("Benefit"), _("Decided claims"), _("Approved, %"), _("Partly approved, %"), _("Rejected, %")),
        *(_("Decided again"), _("Appeals"), _("Answered appeals"), _("Successful appeals")),
    )
    rows = [
        _row(first, sum((sums.get(key, Counter()) for key in keys), Counter()))
        for first, keys in rows_by_benefit(span, groups)
    ]
    return Figures((Table(_("By benefit"), columns, [*rows, *hidden_row(groups, len(columns))]),))


def percent(part: int, of: int) -> Cell:
    """A share in per cent with one decimal; nothing if there is nothing to divide."""
    return (Decimal(part) * 100 / of).quantize(Decimal("0.1"), ROUND_HALF_UP) if of else ""


def _row(first: Cell, counts: Counter[str]) -> tuple[Cell, ...]:
    decided = sum(counts[outcome] for outcome in _OUTCOMES)
    shares = (percent(counts[outcome], decided) for outcome in _OUTCOMES)
    others = (_unless_few(counts[name]) for name in ("reopened", "appeals", "answered", "won"))
    return (first, decided, *shares, *others)


def _unless_few(count: int) -> Cell:
    return FEW if 0 < count < LEAST else count


REPORT = Report(
    "rates",
    gettext_lazy("Decisions and appeals"),
    gettext_lazy(
        "First decisions of the month. An appeal counts on the day it was made, a successful one when it was answered."
    ),
    make,
)
