"""Forms of the desk about payments: the figures that a signer types, and the bank's results."""

import tempfile
from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.lib.money import Money
from mypolis.foundation.lib.tables.table import TabularError
from mypolis.foundation.web.form_fields.fields import DrawnField
from mypolis.insurance.claims.drafts.pages.form_fields import AmountField, CountField
from mypolis.insurance.claims.payments.refusal_texts import CAME_BACK
from mypolis.insurance.claims.payments.results_file import BadLine, Result, UnusableResults, read_results
from mypolis.insurance.claims.payments.runs import Figures

_MOST_PASTED = 200_000


class PaymentCountField(CountField):
    """How many payments a run has. Whoever signs it types it: nothing typed is no number, not 1."""

    most_digits = 5

    def to_python(self, value: object) -> Any:
        """The number. Raises ValidationError for an empty text."""
        if value in self.empty_values:
            raise ValidationError(self.error_messages["required"], "required")
        return super().to_python(value)


class SigningForm(forms.Form):
    """Count and totals of a run, typed by whoever signs it; one total for each currency of the run."""

    count = PaymentCountField(label=_("Number of payments"))

    def __init__(self, figures: Figures, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._currencies = [one.currency for one in figures.totals]
        for currency in self._currencies:
            label = _("Total in %(currency)s") % {"currency": currency}
            self.fields[f"total_{currency}"] = AmountField(
                currency=currency, label=label, help_text=_("Without separators of thousands.")
            )

    @property
    def figures(self) -> Figures:
        """What was typed, after validation."""
        clean = self.cleaned_data
        return Figures(
            clean["count"], tuple(Money(clean[f"total_{currency}"], currency) for currency in self._currencies)
        )


class PastedField(DrawnField, forms.CharField):
    """A table as it was pasted. The reader of tables cleans its cells, so nothing is cleaned here."""

    widget = forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "autocomplete": "off"})


class ResultsForm(forms.Form):
    """The bank's results, pasted from its file with the first line, which names the columns."""

    table = PastedField(
        label=_("Paste the lines of the bank’s file"),
        max_length=_MOST_PASTED,
        strip=False,
        help_text=format_lazy(
            "{} {}",
            _("Columns: reference, state (paid or failed), date, code. The first line names them."),
            format_lazy(_("Codes of failed payments: {codes}."), codes=", ".join(CAME_BACK)),
        ),
    )

    def clean_table(self) -> list[Result | BadLine]:
        """The lines that were read. Raises ValidationError if this is no table of results."""
        with tempfile.NamedTemporaryFile(suffix=".csv") as file:
            file.write(self.cleaned_data["table"].encode(errors="replace"))
            file.flush()
            try:
                return read_results(Path(file.name))
            except TabularError as error:
                raise ValidationError(str(error.message), error.code) from None
            except UnusableResults:
                missing = _("The first line must name the columns reference, state and date.")
                raise ValidationError(missing, "columns") from None
