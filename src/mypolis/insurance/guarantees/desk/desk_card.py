"""The card about guarantees on the desk's start page."""

from collections import Counter
from typing import Any

from django.db.models import Count, Min, Value
from django.http import HttpRequest
from django.utils import timezone

from mypolis.foundation.staff.access import signed_in
from mypolis.insurance.guarantees.lifecycle.states import State
from mypolis.insurance.guarantees.models import Guarantee, GuaranteeInHand, GuaranteeProposal

_MOST = 100


def guarantees_at_desk(request: HttpRequest, market: str) -> dict[str, Any] | None:
    """How many wait for a decision and since when, for a second person, and in one's own hands; None if none does.

    `asked` stops counting at 100, so that the card costs the same in every market.
    """
    rows = Guarantee.objects.filter(market=market, state=State.ASKED)
    first = rows.order_by("asked_at", "id")[:_MOST].aggregate(asked=Count("pk"), since=Min("asked_at"))
    asked, oldest = first["asked"], first["since"]
    proposals = GuaranteeProposal.objects.filter(guarantee__market=market, is_returned=False)
    in_hand = GuaranteeInHand.objects.filter(guarantee__market=market, staff=signed_in(request).pk)
    both = proposals.values_list(Value("second")).union(in_hand.values_list(Value("mine")), all=True)
    found = Counter(which for (which,) in both)  # counted here, so that both need one statement
    second, mine = found["second"], found["mine"]
    if not asked and not second and not mine:
        return None
    days = (timezone.now() - oldest).days if oldest else 0
    return {"market": market, "asked": asked, "most": _MOST, "second": second, "mine": mine, "days": days}
