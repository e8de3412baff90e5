"""The card about payments on the desk's start page."""

from typing import Any

from django.db.models import Count, Min
from django.http import HttpRequest
from django.utils import timezone

from mypolis.insurance.claims.models import PaymentRun


def payments_at_desk(_request: HttpRequest, market: str) -> dict[str, Any] | None:
    """How many runs wait for signatures, how many for the bank, and since how many days; None if none does."""
    runs = PaymentRun.objects.filter(market=market, withdrawn_at=None)
    unsigned = runs.filter(second_by="").count()
    at_bank = (
        runs.filter(fetched_at__isnull=False).with_open_lines().aggregate(runs=Count("pk"), since=Min("fetched_at"))
    )
    if not unsigned and not at_bank["runs"]:
        return None
    days = (timezone.now() - at_bank["since"]).days if at_bank["since"] else 0
    return {"market": market, "unsigned": unsigned, "at_bank": at_bank["runs"], "days": days}
