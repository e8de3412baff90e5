"""The names of a market's benefits, for lists and reports at the desk."""

from collections.abc import Mapping
from functools import lru_cache

from django.db.models import Max

from mypolis.insurance.coverage.models import PlanVersion
from mypolis.insurance.coverage.plan_books.plan import Text


def benefit_names(market: str) -> Mapping[str, Text]:
    """The names of all benefits of a market's plans, by key; one query unless a plan book was loaded meanwhile."""
    newest = PlanVersion.objects.filter(plan__market=market).aggregate(newest=Max("pk"))["newest"]
    return _names(market, newest) if newest is not None else {}


@lru_cache(maxsize=16)
def _names(market: str, _newest: int) -> Mapping[str, Text]:
    """The work grows with the plan books, so it is done once for each state of them."""
    rows = PlanVersion.objects.filter(plan__market=market).order_by("plan", "-effective", "-number").distinct("plan")
    return {benefit.key: benefit.name for row in rows for benefit in row.document.benefits}
