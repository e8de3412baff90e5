"""How long members wait: days from sending to the first decision, by benefit and by week."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mypolis.foundation.lib.tables.safe_csv import Cell
from mypolis.foundation.web.charts.bars import bar_chart
from mypolis.foundation.web.charts.figures import Figure
from mypolis.offices.reports.sums.histogram import percentile, together
from mypolis.offices.reports.sums.spans import Span
from mypolis.offices.reports.tables.table import Figures, Report, Table, days_of, groups_of, hidden_row, rows_by_benefit


def make(span: Span) -> Figures:
    """The report of a month."""
    by_benefit: dict[str, list[Mapping[str, int]]] = defaultdict(list)
    by_week: dict[date, list[Mapping[str, int]]] = defaultdict(list)
    for day, key, numbers in days_of(span, "turnaround"):
        by_benefit[key].append(numbers["days"])
        by_week[day - timedelta(days=day.weekday())].append(numbers["days"])
    groups = groups_of(span, "first")
    columns = (_("Benefit"), _("Decided claims"), _("Median, days"), _("Days within which 90 % were decided"))
    benefits = [
        _row(first, [part for key in keys for part in by_benefit[key]]) for first, keys in rows_by_benefit(span, groups)
    ]
    weeks = [_row(monday.isoformat(), parts) for monday, parts in sorted(by_week.items())]
    medians = [
        Figure(date_format(monday, "SHORT_DATE_FORMAT"), percentile(together(parts), 50) or 0)
        for monday, parts in sorted(by_week.items())
    ]
    return Figures(
        (
            Table(_("By benefit"), columns, [*benefits, *hidden_row(groups, len(columns))]),
            Table(_("By week, from Monday"), (_("Week"), *columns[1:]), weeks, named_by="day"),
        ),
        bars=bar_chart(title=_("Median days by week"), figures=medians),
    )


def _row(first: Cell, parts: list[Mapping[str, int]]) -> tuple[Cell, ...]:
    counts = together(parts)
    return (first, sum(counts.values()), percentile(counts, 50), percentile(counts, 90))


REPORT = Report(
    "turnaround",
    gettext_lazy("Turnaround"),
    gettext_lazy("Days from sending a claim to its first decision, weekends and questions to members included."),
    make,
)
