"""Whose bank account a claim is paid to."""

from mypolis.insurance.claims.models import Claim
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.access import giver_of


def payee_of(claim: Claim, account: Account) -> Account:
    """Whose bank accounts a claim can be paid to.

    The member who made the claim; under a mandate, its giver. Under a claim consent, the member who made it, even if
    the person opens an account later: that is what the person agreed to.
    """
    giver = giver_of(claim.basis) if claim.basis is not None else None
    return giver or account


def may_add_account(account: Account, claim: Claim) -> bool:
    """Whether the claim is paid to an account of this member, so that they may add one. A giver adds it themselves."""
    return payee_of(claim, account).pk == account.pk
