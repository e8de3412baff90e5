"""How people come in: invitations, registrations, sign-ins. Counts of events, without who they were."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from mypolis.foundation.lib.tables.safe_csv import Cell
from mypolis.foundation.web.charts.figures import Figure
from mypolis.foundation.web.charts.line import line_chart
from mypolis.offices.reports.sums.spans import Span
from mypolis.offices.reports.tables.table import Figures, Report, Table, days_of

_NAMES = ("invited", "registered", "signed_in")


def make(span: Span) -> Figures:
    """The report of a month."""
    found = days_of(span, "funnel")
    days: list[tuple[Cell, ...]] = [
        (day.isoformat(), *(numbers.get(name, 0) for name in _NAMES)) for day, _key, numbers in found
    ]
    sums = [sum(numbers.get(name, 0) for _day, _key, numbers in found) for name in _NAMES]
    labels = (_("Invitations sent"), _("Accounts registered"), _("Sign-ins"))
    registered = [
        Figure(date_format(day, "SHORT_DATE_FORMAT"), numbers.get("registered", 0)) for day, _key, numbers in found
    ]
    return Figures(
        (
            Table(_("The month"), (_("Step"), pgettext("how many", "Number")), list(zip(labels, sums, strict=True))),
            Table(_("By day"), (_("Day"), *labels), days, named_by="day"),
        ),
        line=line_chart(title=_("Registrations by day"), figures=registered),
    )


REPORT = Report(
    "registration",
    gettext_lazy("Registration"),
    gettext_lazy("Invitations and registrations of the same month need not be the same people."),
    make,
)
