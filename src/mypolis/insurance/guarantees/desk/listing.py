"""The list of guarantees at the desk: those that wait first, the oldest first. Its rows name no person."""

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.lib.money import Money
from mypolis.foundation.staff.lists.filters import DeskFilters, OneOf
from mypolis.foundation.staff.lists.pages_by_key import page_of
from mypolis.insurance.guarantees.lifecycle.states import STATE_LABELS, State
from mypolis.insurance.guarantees.models import Guarantee


class GuaranteeFilters(DeskFilters):
    """By state; those that wait for a second person; those in somebody's hands."""

    state = OneOf(
        label=_("State"), choices=lambda: [("", _("All")), *((one.value, str(STATE_LABELS[one])) for one in State)]
    )
    whose = OneOf(
        label=_("In whose hands"),
        choices=[("", _("Anybody’s")), ("mine", _("Mine")), ("nobody", _("Nobody’s"))],
        method="filter_whose",
    )
    second = OneOf(
        label=_("Second person"),
        choices=[("", _("All")), ("1", _("A second person is needed"))],
        method="filter_second",
    )

    class Meta:
        model = Guarantee
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, staff: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.staff = staff

    def filter_whose(self, rows: QuerySet[Guarantee], _name: str, value: str) -> QuerySet[Guarantee]:
        """Those that this person has in hand, or nobody."""
        return rows.filter(in_hand__staff=self.staff) if value == "mine" else rows.filter(in_hand__isnull=True)

    def filter_second(self, rows: QuerySet[Guarantee], _name: str, _value: str) -> QuerySet[Guarantee]:
        """Those that wait for a second person."""
        return rows.filter(proposal__is_returned=False)


def listed(market: str, asked: QueryDict, *, staff: int) -> dict[str, Any]:
    """A page of the list, for its template. Without any filter in the address, it shows what waits for a decision."""
    rows = Guarantee.objects.filter(market=market).select_related("in_hand", "proposal")
    data: Any = asked if {"state", "whose", "second"} & asked.keys() else {"state": State.ASKED.value}
    filters = GuaranteeFilters(data, queryset=rows, staff=staff)
    page = page_of(filters.rows(), order="asked_at", after=asked.get("after", ""))
    query = asked.copy()
    query.pop("after", None)
    return {
        "rows": [_row(one) for one in page.rows],
        "filters": filters,
        "after": page.after,
        "query": query.urlencode(),
    }


def _row(one: Guarantee) -> dict[str, Any]:
    return {
        "one": one,
        "state": STATE_LABELS[one.in_state],
        "expected": Money(one.expected, one.currency),
        "holder": one.in_hand.name if hasattr(one, "in_hand") else "",
        "waits_for_second": hasattr(one, "proposal") and not one.proposal.is_returned,
    }
