"""The form above the queue: the order, and which claims."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mypolis.foundation.web.form_fields.fields import ListField
from mypolis.insurance.claims.desk.pages.wording import STATES
from mypolis.insurance.claims.desk.queue import Wanted, order_of
from mypolis.insurance.claims.lifecycle.states import State
from mypolis.insurance.coverage.plan_books.benefit_names import benefit_names
from mypolis.insurance.coverage.plan_books.benefit_texts import say

_WAITING = (
    State.RECEIVED,
    State.IN_REVIEW,
    State.WAITING,
    State.ASSESSED,
    State.SECOND_REVIEW,
    State.APPEALED,
    State.SUBMITTED,
)


class QueueForm(forms.Form):
    """What somebody wants to see of the queue. It is sent by GET; a value that nobody offers filters nothing."""

    mark_required = True  # nothing is, and "(optional)" beside each filter would say nothing

    order = ListField(
        label=_("Order"),
        required=False,
        choices=[
            ("promise", _("Promised day, soonest first")),
            ("age", _("Day of sending, oldest first")),
            ("amount", _("Sum of the bills, largest first")),
        ],
    )
    whose = ListField(
        label=_("In whose hands"),
        required=False,
        choices=[("", _("Anybody’s")), ("mine", _("Mine")), ("nobody", _("Nobody’s"))],
    )
    state = ListField(label=_("State"), required=False)
    benefit = ListField(label=_("Benefit"), required=False)
    appeals = ListField(
        label=pgettext_lazy("queue", "Appeals"),
        required=False,
        choices=[("", _("All claims")), ("1", _("Only appeals"))],
    )

    def __init__(self, market: str, data: QueryDict) -> None:
        super().__init__(data)
        self._sent = data
        self.names = {key: say(name) for key, name in benefit_names(market).items()}
        chosen: Any = self.fields["state"]
        chosen.choices = [("", _("All states")), *((state.value, STATES[state]) for state in _WAITING)]
        benefits: Any = self.fields["benefit"]
        benefits.choices = [("", _("All benefits")), *sorted(self.names.items(), key=lambda one: one[1])]

    @property
    def wanted(self) -> Wanted:
        """What was chosen; fields with a wrong value count as empty."""
        self.is_valid()
        chosen = self.cleaned_data
        return Wanted(
            order=order_of(chosen.get("order", "")),
            state=State(chosen["state"]) if chosen.get("state") else None,
            benefit=chosen.get("benefit", ""),
            whose=chosen.get("whose", ""),
            only_appeals=bool(chosen.get("appeals")),
        )

    @property
    def query(self) -> str:
        """The filters for the address of the next page, encoded."""
        kept = self._sent.copy()
        kept.pop("after", None)
        return kept.urlencode()
