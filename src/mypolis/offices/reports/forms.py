"""Forms of reports: the month, and the kind of file."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.markets import Profile
from mypolis.foundation.web.form_fields.fields import ListField
from mypolis.offices.reports.sums.spans import Span, month_of

MONTHS = 24
FILES = (("csv", "CSV"), ("xlsx", "XLSX"))


def months_until(day: date) -> list[date]:
    """The first days of the months that can be chosen, the newest first."""
    months = [day.replace(day=1)]
    while len(months) < MONTHS:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return months


class MonthForm(forms.Form):
    """The month of a report; yesterday's if none is chosen."""

    month = ListField(label=_("Month"), choices=())

    def __init__(self, profile: Profile, data: Any = None) -> None:
        super().__init__(data)
        self._profile = profile
        self._newest = profile.today() - timedelta(days=1)
        months = months_until(self._newest)
        field: Any = self.fields["month"]
        field.choices = [(f"{month:%Y-%m}", date_format(month, "YEAR_MONTH_FORMAT")) for month in months]

    @property
    def span(self) -> Span:
        """The chosen month; yesterday's if none or another was named."""
        named = self.cleaned_data.get("month") if self.is_valid() else ""
        return month_of(self._profile, date.fromisoformat(f"{named}-01") if named else self._newest)


class FileForm(MonthForm):
    """The month and the kind of a file."""

    form = ListField(label=_("File"), choices=FILES)
