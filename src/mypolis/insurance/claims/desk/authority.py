"""Up to which sum somebody decides alone, and who may confirm what is above it."""

from decimal import Decimal

from mypolis.foundation.markets import Profile
from mypolis.foundation.staff.access import StaffMember
from mypolis.insurance.claims.models import Claim

_NOTHING = Decimal(0)


def authority_in(staff: StaffMember, profile: Profile) -> Decimal:
    """The largest sum, in the plan's currency, that somebody grants alone in a market."""
    sums = profile.claims.authority
    return max((sums[role] for role in staff.roles_in(profile.code) if role in sums), default=_NOTHING)


def may_confirm_in(staff: StaffMember, profile: Profile, granted: Decimal) -> bool:
    """Whether somebody may confirm a sum that another person assessed.

    Their own authority must reach it. Above all authorities, two people with the highest one decide together.
    """
    own = authority_in(staff, profile)
    return own >= granted or own >= max(profile.claims.authority.values(), default=_NOTHING)


def authority_of(staff: StaffMember, claim: Claim) -> Decimal:
    """The largest sum that somebody grants alone for a claim."""
    return authority_in(staff, claim.profile)


def may_confirm(staff: StaffMember, claim: Claim, granted: Decimal) -> bool:
    """Whether somebody may confirm a sum that another person assessed for a claim."""
    return may_confirm_in(staff, claim.profile, granted)
