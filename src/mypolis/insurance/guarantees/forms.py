"""The form with which a member asks for a guarantee."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.markets.profile import Text
from mypolis.foundation.web.form_fields.date_field import DayField
from mypolis.foundation.web.form_fields.fields import ChoiceField, ListField, TextField
from mypolis.insurance.claims.benefits import benefits_for
from mypolis.insurance.claims.drafts.pages.form_fields import AmountField
from mypolis.insurance.claims.drafts.starting import covers_of
from mypolis.insurance.coverage.plan_books.benefit_texts import say
from mypolis.insurance.guarantees.lifecycle.asking import Refused, Wish
from mypolis.insurance.providers.models import Provider
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.access import claimable

_UNKNOWN = _("This value cannot be used here.")
PROBLEMS: dict[tuple[str, str], Promise] = {
    ("benefit", "not_in_plan"): _("The plan of this person does not have this on that day."),
    ("provider", "unknown"): _("This clinic left the list. Please choose another one."),
    ("provider_name", "required"): _("Choose a clinic, or type its name."),
    ("planned_from", "past"): _("This day has passed. A guarantee is for treatment that is still to come."),
    ("planned_from", "too_far"): _("This is more than a year away."),
    ("planned_to", "before"): _("The last day is before the first."),
    ("planned_to", "too_long"): _("A letter can be about 180 days at most."),
}


def sentence_of(refused: Refused) -> str:
    """What members read about a refused value, in the active language."""
    return str(PROBLEMS.get((refused.field, refused.code), _UNKNOWN))


class AskForm(forms.Form):
    """For whom, for what, where, when, and how much it may cost."""

    cover = ChoiceField(label=_("For whom"))
    benefit = ListField(label=_("Treatment"))
    provider = ListField(label=_("Clinic"), required=False)
    provider_name = TextField(label=_("If it is not on the list: the clinic’s name"), max_length=200, required=False)
    planned_from = DayField(label=_("First day"))
    planned_to = DayField(label=_("Last day"))

    def __init__(self, account: Account, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = account.profile.today()
        covers = covers_of(claimable(account), today)
        names = {one.key: say(one.name) for whose in covers for one in benefits_for(whose.membership, today)}
        self.providers = list(Provider.objects.active_in(account.market))
        self._offer("cover", [(str(whose.membership.pk), whose.label) for whose in covers])
        if len(covers) == 1:
            self.fields["cover"].initial = str(covers[0].membership.pk)
        self._offer("benefit", list(names.items()))
        self._offer("provider", [("", _("Not on the list")), *((one.code, one.name) for one in self.providers)])
        self.fields["expected"] = AmountField(currency="", label=_("What it may cost, as the clinic says"))

    @property
    def wish(self) -> Wish:
        """What is asked for. The form must be valid."""
        values = self.cleaned_data
        return Wish(
            benefit=values["benefit"],
            planned_from=values["planned_from"],
            planned_to=values["planned_to"],
            expected=values["expected"],
            provider=next((one for one in self.providers if one.code == values["provider"]), None),
            provider_name=values["provider_name"],
        )

    def add_refusal(self, refused: Refused) -> None:
        """Show what the flow refused at its field."""
        self.add_error(refused.field, sentence_of(refused))

    def _offer(self, name: str, choices: list[tuple[str, Text]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]
