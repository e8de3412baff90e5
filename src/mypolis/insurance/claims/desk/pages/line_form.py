"""The form in which an assessor changes a line: rate, network, deductions, a refusal, another sum, a note."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.lib.text.folding import ascii_digits
from mypolis.foundation.lib.typed_amounts import AmountCode, AmountError, read_typed_amount
from mypolis.foundation.markets.profile import Text
from mypolis.foundation.web.form_fields.fields import ListField, TextField
from mypolis.foundation.web.form_fields.long_text_field import LongTextField
from mypolis.insurance.claims.adjudication.reasons import REFUSALS
from mypolis.insurance.claims.desk.assessment import AssessedLine
from mypolis.insurance.claims.desk.draft_decision import LONGEST_NOTE
from mypolis.insurance.claims.desk.pages.reason_names import REASON_NAMES
from mypolis.insurance.claims.desk.typed_lines import CHANGES, NETWORK_OF, ZERO, TypedLine
from mypolis.insurance.claims.drafts.pages.form_fields import PROBLEMS, AmountField

_LONGEST_RATE = 24
_PROBLEMS: Mapping[AmountCode, Text] = {**PROBLEMS, "negative": _("A sum cannot be below zero.")}
_RATE = re.compile(r"\d{1,8}(?:\.\d{1,8})?", re.ASCII)


NETWORK = (("", _("Not looked up")), ("in", _("The provider is in it")), ("out", _("The provider is outside")))


class SumField(AmountField):
    """A sum of money, zero included; None for an empty text."""

    def to_python(self, value: object) -> Any:
        """The sum. Raises ValidationError."""
        text = TextField.to_python(self, value) if isinstance(value, str) else ""
        try:
            return read_typed_amount(text, currency=self.currency) if text else super().to_python(value)
        except AmountError as error:
            return ZERO if error.code == "zero" else super().to_python(value)


class RateField(TextField):
    """How much one unit of a foreign currency is in the plan's; a Decimal, None for an empty text."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=_LONGEST_RATE, **kwargs)

    def to_python(self, value: object) -> Any:
        """The rate. Raises ValidationError for anything but digits with at most one point or comma."""
        if isinstance(value, Decimal):
            return value
        text = super().to_python(value)
        if not text:
            return None
        bare = ascii_digits(text).replace(" ", "").replace(",", ".")
        if not _RATE.fullmatch(bare):
            raise ValidationError(
                _("Enter the rate in digits, with at most eight decimals, for example 117.25."), "format"
            )
        return Decimal(bare)

    def run_validators(self, value: Any) -> None:
        """Nothing: `to_python` has checked the number."""

    def prepare_value(self, value: Any) -> Any:
        """Show a rate without zeros at its end; a typed text as it was typed."""
        return number_format(value.normalize(), use_l10n=True) if isinstance(value, Decimal) else value


class LineForm(forms.Form):
    """What an assessor types about a line. Empty fields leave the rules' proposal as it is."""

    mark_required = True  # nothing is, and "(optional)" beside each field would say nothing

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, one: AssessedLine, currency: str, version: int, data: QueryDict | None = None) -> None:
        typed = one.typed
        initial = {**vars(typed), "version": version}
        for name in ("paid_elsewhere", "not_medical"):
            initial[name] = initial[name] or None
        super().__init__(data, initial=initial)
        self.currency, self.line = currency, one.line
        if one.line.currency and one.line.currency != currency:
            label = _("One %(bill)s in %(plan)s") % {"bill": one.line.currency, "plan": currency}
            self.fields["rate"] = RateField(label=label, required=False)
        if one.asks_for_network:
            if typed.network is None:
                initial["network"] = NETWORK_OF[one.line.in_network]
            help_text = _("Until you choose, the provider counts as outside.")
            self.fields["network"] = ListField(
                label=_("The plan’s network"), required=False, choices=NETWORK, help_text=help_text
            )
        self.fields["granted"] = self._sum(_("Grant this sum instead"))
        self.fields["reason"] = _codes(_("Reason for another sum"), CHANGES)
        self.fields["refusal"] = _codes(_("Refuse all of the line"), REFUSALS)
        self.fields["not_medical"] = self._sum(_("Not a medical cost"))
        self.fields["paid_elsewhere"] = self._sum(_("Paid by somebody else"))
        help_text = _("The member reads it with a refusal. Write it in the member’s language.")
        self.fields["note"] = LongTextField(
            label=_("Note"), required=False, max_length=LONGEST_NOTE, help_text=help_text
        )

    @property
    def typed(self) -> TypedLine:
        """What was typed, after validation."""
        clean = self.cleaned_data
        return TypedLine(
            rate=clean.get("rate"),
            network=clean.get("network"),
            paid_elsewhere=clean["paid_elsewhere"] or ZERO,
            not_medical=clean["not_medical"] or ZERO,
            refusal=clean["refusal"],
            granted=clean["granted"],
            reason=clean["reason"],
            note=clean["note"],
        )

    def _sum(self, label: Any) -> SumField:
        return SumField(currency=self.currency, problems=_PROBLEMS, label=label, required=False)


def _codes(label: Any, codes: tuple[str, ...]) -> ListField:
    choices = [("", _("None")), *((code, REASON_NAMES[code]) for code in codes)]
    return ListField(label=label, required=False, choices=choices)
