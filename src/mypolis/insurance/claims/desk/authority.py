"""Up to which sum somebody decides alone, and who may confirm what is above it."""

from decimal import Decimal

from mypolis.foundation.staff.access import StaffMember
from mypolis.insurance.claims.models import Claim

_NOTHING = Decimal(0)


def authority_of(staff: StaffMember, claim: Claim) -> Decimal:
    """The largest sum, in the plan's currency, that somebody grants alone in the claim's market."""
    sums = claim.profile.claims.authority
    return max((sums[role] for role in staff.roles_in(claim.market) if role in sums), default=_NOTHING)


def may_confirm(staff: StaffMember, claim: Claim, granted: Decimal) -> bool:
    """Whether somebody may confirm a sum that another person assessed.

    Their own authority must reach it. Above all authorities, two people with the highest one decide together.
    """
    own = authority_of(staff, claim)
    return own >= granted or own >= max(claim.profile.claims.authority.values(), default=_NOTHING)
