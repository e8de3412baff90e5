"""What is left of the limits that a claim touches: on the day of treatment, and today.

The two differ when a year has ended between them. What this claim reserved itself is in the figures, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mypolis.insurance.claims.benefits import plan_of
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.coverage.ledger.entries import year_for_day
from mypolis.insurance.coverage.ledger.families import families_of
from mypolis.insurance.coverage.ledger.usage import LimitUsage, Scope, read_usage
from mypolis.insurance.coverage.plan_books.plan import Limit, PlanDocument
from mypolis.insurance.coverage.plan_books.plan_lookup import day_to_show, plans_on


@dataclass(frozen=True)
class LimitLeft:
    """A yearly or lifetime limit: used, reserved and left in the year of treatment and in this year.

    `today` is None if the plan of today does not have the limit. A `family` limit is shared.
    """

    limit: Limit
    currency: str
    on_the_day: LimitUsage
    today: LimitUsage | None

    @property
    def is_family(self) -> bool:
        """Whether the family shares it."""
        return self.limit.family


def limits_left(claim: Claim, benefits: frozenset[str]) -> Sequence[LimitLeft]:
    """The limits on some benefits, in the order of the plan; empty if the plan is unknown."""
    membership = claim.membership
    today = day_to_show(membership, claim.profile.today())
    day = claim.treated_on or today
    plans = plans_on([(membership, day), (membership, today)])
    plan = plans.get((membership.pk, day)) or plan_of(claim)
    if plan is None:
        return ()
    family = families_of([membership])[membership.pk]
    then = _scope(plan, claim, family, day)
    current = plans.get((membership.pk, today))
    now = _scope(current, claim, family, today) if current is not None else None
    usage = read_usage([then] if now is None else [then, now])
    known = {limit.key: limit for limit in current.limits} if current is not None else {}
    return [
        LimitLeft(
            limit=limit,
            currency=plan.currency,
            on_the_day=usage.of_limit(limit, then),
            today=usage.of_limit(known[limit.key], now) if now is not None and limit.key in known else None,
        )
        for limit in plan.limits
        if limit.per in ("year", "lifetime") and benefits & set(limit.benefits)
    ]


def _scope(plan: PlanDocument, claim: Claim, family: frozenset[int], day: date) -> Scope:
    return Scope(plan, claim.membership_id, family, year_for_day(plan, claim.membership, day))
