"""Form fields for dates, with three boxes."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.lib.dates import DateError, parse_day_month_year, parse_iso_date, plausible_birth_date
from mypolis.foundation.markets.profile import Text
from mypolis.foundation.web.form_fields.fields import DrawnField


class DateBoxes(forms.MultiWidget):
    """Day, month and year in three boxes. It also accepts an ISO date under the plain name, as the API sends it."""

    template_name = "web/widgets/date.html"

    def __init__(self) -> None:
        box = {"inputmode": "numeric", "autocomplete": "off"}
        super().__init__(
            {
                "day": forms.TextInput({**box, "maxlength": 2, "autocomplete": "bday-day"}),
                "month": forms.TextInput({**box, "maxlength": 2, "autocomplete": "bday-month"}),
                "year": forms.TextInput({**box, "maxlength": 4, "autocomplete": "bday-year"}),
            }
        )

    def decompress(self, value: object) -> list[str]:
        """Split an ISO date into three values."""
        if isinstance(value, date):
            value = value.isoformat()
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            year, month, day = value.split("-")
            return [day, month, year]
        return ["", "", ""]

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """Return the ISO text if it was sent, else the three boxes."""
        return data[name] if name in data else super().value_from_datadict(data, files, name)


class DayField(DrawnField):
    """Any day, typed in three boxes or given as YYYY-MM-DD."""

    kind = "date"
    json_type = "date"
    autocomplete = "off"
    pattern = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    widget = DateBoxes

    def to_python(self, value: object) -> date | None:
        """The date; None when all boxes are empty."""
        try:
            return _read(value)
        except DateError as error:
            raise ValidationError(BirthDateField.problems[error.code], error.code) from None


class BirthDateField(DrawnField):
    """A date of birth, typed in three boxes or given as YYYY-MM-DD."""

    kind = "date"
    json_type = "date"
    autocomplete = "bday"
    pattern = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    widget = DateBoxes
    problems: ClassVar[dict[str, Text]] = {
        "format": _("Enter the day, month and year in digits, for example 27 3 1986."),
        "not_a_date": _("There is no such date. Please check the day and the month."),
        "future": _("A date of birth cannot be in the future."),
        "too_old": _("Please check the year of birth."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(error_messages={"required": _("Enter the date of birth.")}, **kwargs)

    def to_python(self, value: object) -> date | None:
        """The date; None when all boxes are empty."""
        try:
            born = _read(value)
            return plausible_birth_date(born, today=timezone.localdate()) if born else None
        except DateError as error:
            raise ValidationError(self.problems[error.code], error.code) from None


def _read(value: object) -> date | None:
    """The date of three boxes or of an ISO text; None if nothing was typed. Raises DateError."""
    if not isinstance(value, list):
        return parse_iso_date(str(value)) if value else None
    day, month, year = (str(part or "").strip() for part in value)
    return parse_day_month_year(day, month, year) if day or month or year else None
