"""Forms of the desk about guarantees: the terms of a letter, and the reason of a refusal."""

import hashlib
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.web.form_fields.date_field import DayField
from mypolis.foundation.web.form_fields.fields import ListField
from mypolis.foundation.web.form_fields.long_text_field import LongTextField
from mypolis.insurance.claims.drafts.pages.form_fields import AmountField
from mypolis.insurance.guarantees.desk.deciding import LONGEST_REMARK, terms_of
from mypolis.insurance.guarantees.lifecycle.deciding import (
    LONGEST_CONDITIONS,
    LONGEST_REASON,
    BadTerms,
    Terms,
)
from mypolis.insurance.guarantees.lifecycle.reasons import OTHER, REFUSALS, REVOCATIONS, said
from mypolis.insurance.guarantees.lifecycle.states import State
from mypolis.insurance.guarantees.models import Guarantee, GuaranteeProposal

_CODE_LABELS: Mapping[State, Mapping[str, Promise]] = {State.REFUSED: REFUSALS, State.REVOKED: REVOCATIONS}


class TermsForm(forms.Form):
    """The sum that is still to be billed, the days, and conditions. A hidden field has the promise that was shown."""

    problems: ClassVar[Mapping[tuple[str, str], Promise]] = {
        ("planned_to", "earlier"): _("An extension cannot end earlier than before."),
        ("planned_to", "too_long"): _("A letter can be about 180 days at most."),
        ("valid_until", "out_of_range"): _(
            "A letter is valid at least until the last day of treatment, and at most a year longer."
        ),
        ("conditions", "too_long"): _("This text is too long."),
    }
    planned_to = DayField(label=_("Last day of treatment"))
    valid_until = DayField(label=_("Valid until"))
    conditions = LongTextField(
        label=_("Conditions"),
        max_length=LONGEST_CONDITIONS,
        required=False,
        help_text=_("The clinic and the member read this on the letter."),
    )
    field_order = ("expected", "planned_to", "valid_until", "conditions")

    def __init__(self, one: Guarantee, to: State, sent: QueryDict | None = None) -> None:
        super().__init__(sent, initial=_initial(one))
        label = _("Sum of the treatment") if to == State.GIVEN else _("Sum that the clinic has not billed yet")
        self.fields["expected"] = AmountField(currency=one.currency, label=label)
        if to != State.EXTENDED:
            del self.fields["planned_to"]
        self.order_fields(self.field_order)

    @property
    def terms(self) -> Terms:
        """What was typed; what the form begins with while nothing was. A bound form must be valid."""
        values = self.cleaned_data if self.is_bound else self.initial
        return Terms(
            expected=values["expected"],
            planned_to=values["planned_to"] if "planned_to" in self.fields else None,
            valid_until=values["valid_until"],
            conditions=values["conditions"],
        )

    @property
    def shown(self) -> Decimal | None:
        """The promise that the page showed; None for a value that we did not write."""
        return sum_in(self.data.get("shown", ""))

    def add_problem(self, error: BadTerms) -> None:
        """Show what the flow refused at its field."""
        self.add_error(error.field, str(self.problems[error.field, error.code]))


class ReasonForm(forms.Form):
    """Why a guarantee is refused or revoked: a ready-made sentence, or words of one's own, or both."""

    code = ListField(label=_("Reason"))
    reason = LongTextField(
        label=_("In your own words"),
        max_length=LONGEST_REASON,
        required=False,
        help_text=_("The member reads this, too. Write it in their language."),
    )

    def __init__(self, to: State, sent: QueryDict | None = None) -> None:
        super().__init__(sent)
        offered = [*_CODE_LABELS[to].items(), (OTHER, _("Another reason, in your own words"))]
        self.fields["code"].choices = offered  # type: ignore[attr-defined]

    @property
    def sentences(self) -> tuple[str, ...]:
        """What the member reads, in the active language. The form must be valid."""
        return said(self.cleaned_data["code"], self.cleaned_data["reason"])

    @property
    def digest(self) -> str:
        """A digest of what was typed, for a hidden field: nothing is sent that was not shown before."""
        text = f"{self.cleaned_data['code']}\n{self.cleaned_data['reason']}"
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def was_shown(self) -> bool:
        """Whether the page has shown what the member will read."""
        return bool(self.data.get("shown", "") == self.digest)

    def clean(self) -> dict[str, Any]:
        """Another reason needs words."""
        values = super().clean() or {}
        if values.get("code") == OTHER and not values.get("reason"):
            self.add_error("reason", str(_("Please tell the member why.")))
        return values


class RemarkForm(forms.Form):
    """What the second person asks the first one to change."""

    remark = LongTextField(label=_("What should be changed?"), max_length=LONGEST_REMARK)


def sum_in(text: str) -> Decimal | None:
    """A sum of a hidden field; None for a text that is no sum."""
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _initial(one: Guarantee) -> dict[str, Any]:
    """What the form begins with: what was proposed and sent back, or else what the guarantee has."""
    proposal: GuaranteeProposal | None = getattr(one, "proposal", None)
    if proposal is not None and proposal.is_returned:
        return vars(terms_of(proposal))
    return {
        "expected": one.expected,
        "planned_to": one.planned_to,
        "valid_until": one.valid_until or one.usual_end,
        "conditions": one.conditions,
    }
