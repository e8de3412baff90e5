"""Form fields of a draft: a day that has come, a sum of money, a choice from a list."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import get_format, number_format
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.lib.typed_amounts import AmountCode, AmountError, read_typed_amount
from mypolis.foundation.markets.profile import Text
from mypolis.foundation.web.form_fields.date_field import DayField
from mypolis.foundation.web.form_fields.fields import TextField

_FIRST_YEAR = 1950


class PastDayField(DayField):
    """A day on or before `today`."""

    def __init__(self, *, today: date, **kwargs: Any) -> None:
        self.today = today
        super().__init__(**kwargs)

    def to_python(self, value: object) -> date | None:
        """The date; None when all boxes are empty."""
        day = super().to_python(value)
        if day is not None and day > self.today:
            raise ValidationError(_("This day is in the future. Claims are for what has happened."), "future")
        if day is not None and day.year < _FIRST_YEAR:
            raise ValidationError(_("Please check the year."), "too_old")
        return day


PROBLEMS: Mapping[AmountCode, Text] = {
    "format": _("Enter the sum in digits, for example 150000 or 150000.50."),
    "two_readings": _(
        "“%(typed)s” can mean %(small)s or %(large)s. Please type it without separators, for example %(large)s."
    ),
    "zero": _("Enter a sum above zero."),
    "negative": _("Enter a sum above zero."),
    "too_large": _("This sum is too large. Please check the number of zeros."),
}
"""What a form says about a sum that cannot be read."""
PROBLEMS_OF_BILLS: Mapping[AmountCode, Text] = {
    **PROBLEMS,
    "format": _(
        "Enter the sum in digits, for example 150000 or 150000.50. The currency is under “More about this bill”."
    ),
    "negative": _("Enter a sum above zero. If something was refunded, enter what you paid in the end."),
}
"""What a member reads who types a bill."""


class AmountField(TextField):
    """A sum of money above zero, typed with a comma or a point; gives a Decimal, or None if nothing was typed.

    The symbol of `currency` may be typed, too. `problems` are the texts for a sum that cannot be read.
    """

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, *, currency: str, problems: Mapping[AmountCode, Text] = PROBLEMS, **kwargs: Any) -> None:
        self.currency, self.problems = currency, problems
        super().__init__(max_length=40, **kwargs)

    def to_python(self, value: object) -> Any:
        """The sum, None for an empty text."""
        if isinstance(value, Decimal):
            return value
        text = super().to_python(value)
        if not text:
            return None
        try:
            return read_typed_amount(text, currency=self.currency)
        except AmountError as error:
            small, large = error.readings
            facts = {"typed": text, "small": small.replace(".", get_format("DECIMAL_SEPARATOR")), "large": large}
            raise ValidationError(self.problems[error.code], error.code, facts) from None

    def run_validators(self, value: Any) -> None:
        """Nothing: the validators of a text do not fit a number."""

    def prepare_value(self, value: Any) -> Any:
        """Show a sum without grouping, so that it can be read in one way only; a typed text as it was typed."""
        if not isinstance(value, Decimal):
            return value
        is_whole = value == value.to_integral_value()
        return number_format(value, decimal_pos=0 if is_whole else 2, use_l10n=True, force_grouping=False)


class CountField(TextField):
    """A whole number from 1 to 999."""

    most_digits = 3
    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=self.most_digits, **kwargs)

    def to_python(self, value: object) -> Any:
        """The number; 1 for an empty text."""
        if isinstance(value, int):
            return value
        text = super().to_python(value)
        if not text:
            return 1
        if len(text) > self.most_digits or not (text.isascii() and text.isdigit() and int(text) > 0):
            raise ValidationError(_("Enter a whole number, for example 2."), "format")
        return int(text)

    def run_validators(self, value: Any) -> None:
        """Nothing: `to_python` has checked the number."""
