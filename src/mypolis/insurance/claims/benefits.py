"""The benefit of a claim in its member's plan, and the benefits that a member can claim for."""

from collections.abc import Sequence
from datetime import date

from mypolis.insurance.claims.models import Claim
from mypolis.insurance.coverage.plan_books.plan import Benefit, PlanDocument
from mypolis.insurance.coverage.plan_books.plan_lookup import day_to_show, plan_on
from mypolis.membership.people.models import Membership


def plan_of(claim: Claim) -> PlanDocument | None:
    """The plan of the day of treatment, or of today while that day is not known; None without a plan."""
    day = claim.treated_on or day_to_show(claim.membership, claim.profile.today())
    return plan_on(claim.membership, day) or plan_on(claim.membership, day_to_show(claim.membership, day))


def benefit_of(claim: Claim) -> Benefit | None:
    """The benefit of a claim in the plan of the day of treatment, or of today; None if the plan does not have it."""
    plan = plan_of(claim)
    return plan.benefit(claim.benefit) if plan is not None else None


def benefits_for(membership: Membership, today: date) -> Sequence[Benefit]:
    """The benefits that a member can claim for, in the order of the plan."""
    plan = plan_on(membership, day_to_show(membership, today))
    return plan.benefits if plan is not None else ()
