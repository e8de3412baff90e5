"""How old the claims are that wait for a decision, by state, at the end of the last day that was kept."""

from collections.abc import Mapping

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mypolis.foundation.lib.tables.safe_csv import Cell
from mypolis.foundation.rooms import Text
from mypolis.foundation.web.charts.bars import bar_chart
from mypolis.foundation.web.charts.figures import Figure
from mypolis.insurance.claims.lifecycle.states import State
from mypolis.offices.reports.sums.ages import AGES
from mypolis.offices.reports.sums.spans import Span
from mypolis.offices.reports.tables.table import Figures, Report, Table, days_of

STATES: Mapping[str, Text] = {
    State.SUBMITTED: gettext_lazy("Files are checked"),
    State.RECEIVED: gettext_lazy("Nobody has it yet"),
    State.IN_REVIEW: gettext_lazy("In review"),
    State.WAITING: gettext_lazy("Waits for the member"),
    State.ASSESSED: gettext_lazy("Assessed"),
    State.SECOND_REVIEW: gettext_lazy("Second review"),
    State.APPEALED: gettext_lazy("Appeal"),
}
_KEYS = (*(str(last) for last in AGES), "more")


def make(span: Span) -> Figures:
    """The report of the last day of a month that was kept."""
    found = days_of(span, "ages")
    day = max((row[0] for row in found), default=span.last)
    counts = {key: numbers for at, key, numbers in found if at == day}
    labels = [_("up to %(days)s days") % {"days": last} for last in AGES]
    labels.append(_("more than %(days)s days") % {"days": AGES[-1]})
    rows: list[tuple[Cell, ...]] = [
        (str(label), *(counts[state].get(key, 0) for key in _KEYS))
        for state, label in STATES.items()
        if state in counts
    ]
    sums = [sum(numbers.get(key, 0) for numbers in counts.values()) for key in _KEYS]
    title = _("At the end of %(day)s") % {"day": date_format(day, "SHORT_DATE_FORMAT")}
    return Figures(
        (Table(title, (_("State"), *labels), rows),),
        bars=bar_chart(
            title=_("Open claims by age"),
            figures=[Figure(label, number) for label, number in zip(labels, sums, strict=True)],
        ),
    )


REPORT = Report(
    "ageing",
    gettext_lazy("Age of open claims"),
    gettext_lazy("Claims that wait for a decision, by days since they were sent."),
    make,
)
