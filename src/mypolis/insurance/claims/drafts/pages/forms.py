"""The form of a page of a draft, and the fields that it can have."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.lib.money import CURRENCIES
from mypolis.foundation.markets.profile import Text
from mypolis.foundation.web.form_fields.fields import DrawnField, ListField, TextField
from mypolis.foundation.web.form_fields.long_text_field import LongTextField
from mypolis.insurance.claims.drafts.fields import DraftField
from mypolis.insurance.claims.drafts.pages.form_fields import (
    PROBLEMS_OF_BILLS,
    AmountField,
    CountField,
    PastDayField,
)

BILL = "bill_"
WAS = "was-"
"""The prefix of hidden fields: each has what the page showed in the field whose name follows."""

type Choices = Sequence[tuple[str, Text]]


class DraftForm(forms.Form):
    """Fields of a draft. An empty one is no error, because a draft can be saved at any time.

    `saved` is what the draft holds, and `suggested` what the page shows where it holds nothing.
    """

    def __init__(
        self,
        asked: Mapping[str, DrawnField],
        saved: Mapping[str, Any],
        data: Any = None,
        suggested: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial={**saved, **(suggested or {})})
        self.saved = saved
        self.fields.update(asked)
        self.mark_required = True  # no field is marked: the label of an optional one says so

    def clean(self) -> dict[str, Any]:
        """Check that a stay does not end before it begins."""
        cleaned: dict[str, Any] = self.cleaned_data
        first, last = cleaned.get("treated_on"), cleaned.get("until")
        if first is not None and last is not None and last < first:
            self.add_error("until", ValidationError(_("The last day is before the first."), "order"))
        return cleaned

    @property
    def readable(self) -> dict[str, Any]:
        """The values of the fields that were sent and have no error. Call `is_valid` before."""
        return {
            name: value for name, value in self.cleaned_data.items() if name not in self.errors and self._was_sent(name)
        }

    def _was_sent(self, name: str) -> bool:
        widget = self.fields[name].widget
        return name in self.data or not widget.value_omitted_from_data(self.data, self.files, name)

    def was(self) -> dict[str, str]:
        """What the page showed in each field, from its hidden fields; empty if the request has none."""
        return {name: self.data[WAS + name] for name in self.fields if WAS + name in self.data}

    def hidden_originals(self) -> list[tuple[str, str]]:
        """Names and values of the hidden fields that remember what the draft holds now."""
        return [(WAS + name, as_text(self.saved.get(name))) for name in self.fields]


def as_text(value: Any) -> str:
    """A value of a field as a text that is equal for equal values."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def treatment_field(asked: DraftField, today: date) -> DrawnField:
    """The form field for a field of the section "treatment"."""
    look: dict[str, Any] = {"label": _label(asked.label, asked.required), "help_text": asked.help, "required": False}
    if asked.kind == "date":
        return PastDayField(today=today, **look)
    if asked.kind == "long-text":
        return LongTextField(max_length=asked.most, **look)
    return TextField(max_length=asked.most, autocomplete="off", **look)


def bill_fields(
    *, today: date, currency: str, benefits: Choices, cases: Choices, counts: bool
) -> dict[str, DrawnField]:
    """The fields of a bill. `benefits` and `cases` are choices, left out if there are none.

    `counts`: the plan counts pieces or visits of this benefit, so the page asks how many there are on the bill.
    """
    others = sorted(CURRENCIES - {currency})
    found: dict[str, DrawnField] = {
        "amount": AmountField(
            currency=currency,
            problems=PROBLEMS_OF_BILLS,
            label=_("Sum on the bill"),
            help_text=_("What you paid on this bill. No point or comma between thousands: 150000."),
            required=False,
        ),
        "currency": ListField(
            label=_("Currency"), choices=[(code, code) for code in (currency, *others)], required=False
        ),
    }
    if counts:
        found["count"] = CountField(
            label=_("How many"), help_text=_("Visits, pieces or treatments on this bill."), required=False
        )
    found["date"] = PastDayField(
        today=today,
        label=_label(_("Date of the bill"), False),
        help_text=_("Only if it differs from the day of treatment."),
        required=False,
    )
    found["number"] = TextField(
        label=_label(_("Number of the bill"), False), max_length=64, autocomplete="off", required=False
    )
    found["text"] = TextField(
        label=_label(_("What it was for"), False), max_length=200, autocomplete="off", required=False
    )
    if benefits:
        found["benefit"] = ListField(label=_("Kind of treatment"), choices=benefits, required=False)
    if cases:
        found["same_case_as"] = ListField(
            label=_label(_("Part of the same hospital stay or pregnancy as"), False),
            choices=[("", _("None of these")), *cases],
            required=False,
        )
    return {BILL + name: field for name, field in found.items()}


MORE_OF_A_BILL = tuple(
    BILL + name for name in ("currency", "count", "date", "number", "text", "benefit", "same_case_as")
)
"""Fields of a bill that few people need: the page shows them on demand."""


def _label(label: Text | Promise, required: bool) -> Text | Promise:
    return label if required else format_lazy("{} {}", label, _("(optional)"))
