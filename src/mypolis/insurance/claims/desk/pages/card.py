"""The card about claims on the desk's start page."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest

from mypolis.foundation.markets import market as profile_of
from mypolis.foundation.staff.access import signed_in
from mypolis.insurance.claims.lifecycle.states import State
from mypolis.insurance.claims.models import Claim, ClaimInHand
from mypolis.insurance.claims.rights import REVIEW_ASSESSMENTS

MOST = 1_000
"""We count no further, so that the card costs the same in a market of any size."""


def claims_at_desk(request: HttpRequest, market: str) -> dict[str, Any]:
    """How many claims wait, are past their promise, are in one's hands, wait for a second person; at most `MOST`."""
    staff, today = signed_in(request), profile_of(market).today()
    sent = Claim.objects.undecided().sent().filter(market=market)
    first = sent.order_by("promised_by", "number").values("pk", "promised_by")[:MOST]
    counted = Claim.objects.filter(pk__in=first.values("pk")).aggregate(
        waiting=Count("pk"), late=Count("pk", filter=Q(promised_by__lt=today))
    )
    facts = {"market": market, "most": MOST, **counted}
    facts["mine"] = ClaimInHand.objects.filter(staff=staff.pk, claim__market=market)[:MOST].count()
    if staff.may(REVIEW_ASSESSMENTS, market):
        facts["second"] = sent.filter(state=State.SECOND_REVIEW)[:MOST].count()
    return facts
