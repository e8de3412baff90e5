"""For which cover a colleague enters a claim, and what for."""

from dataclasses import dataclass

from mypolis.insurance.coverage.plan_books.plan import Benefit, PlanDocument
from mypolis.membership.people.models import Membership


class OwnOrFamily(Exception):
    """The claim would be the colleague's own or their family's."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """For which cover a claim is entered, and what for. `plan` is that of today, in which `benefit` is."""

    membership: Membership
    plan: PlanDocument
    benefit: Benefit
