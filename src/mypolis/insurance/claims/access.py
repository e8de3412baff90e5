"""Which claims a member may see, and for whom they may make one. Other modules check access here only."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from mypolis.foundation.events import Actor
from mypolis.insurance.claims.lifecycle.states import State
from mypolis.insurance.claims.models import Claim, ClaimQuerySet
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.access import Claimable, claimable, given_by, record_viewing
from mypolis.membership.people.models import Membership


class UnknownClaim(Exception):
    """The claim does not exist, or this member may not see it. The caller cannot tell which."""


def claims_of(account: Account) -> ClaimQuerySet:
    """Claims that a member may see, newest first.

    Own claims and those of the member's children, but only the member's own drafts. Of the giver of a mandate or of a
    consent, only the claims that the member made under it, as long as it is active.
    """
    # Each part names columns of claims only, so that PostgreSQL can use an index for each.
    own = list(Membership.objects.filter(person=account.person_id).values_list("pk", flat=True))
    visible = Q(membership__in=own) & _sent_or_by(account)
    for one in claimable(account):
        if one.bases:
            visible |= Q(account=account, basis__in=one.bases)
        elif one.role != "self":
            visible |= Q(membership__in=[row.pk for row in one.memberships]) & _sent_or_by(account)
    return Claim.objects.filter(visible).order_by("-created_at", "-id")


def _claims_about(account: Account) -> ClaimQuerySet:
    """Those of `claims_of` that are about the member, without reading their family."""
    return Claim.objects.filter(_sent_or_by(account), membership__person=account.person_id)


def _sent_or_by(account: Account) -> Q:
    return Q(account=account) | ~Q(state=State.DRAFT)


def find(account: Account, claim: str | UUID, *, locked: bool = False) -> Claim:
    """One claim that the member may see, with its membership loaded. Raises UnknownClaim."""
    try:
        key = UUID(str(claim))
    except ValueError:
        raise UnknownClaim from None
    for visible in (_claims_about, claims_of):  # most are about the member
        rows = visible(account).select_related("membership__policy", "membership__person", "account__person")
        rows = rows.select_for_update(of=("self",)) if locked else rows
        if (found := rows.filter(pk=key).first()) is not None:
            return found
    raise UnknownClaim


def may_still_see(account: Account, claim: Claim) -> bool:
    """Whether a member may see a claim that they made: the mandate or consent for it, or childhood, may have ended."""
    return claim.membership.person_id == account.person_id or claims_of(account).filter(pk=claim.pk).exists()


def own(account: Account, claim: str | UUID) -> Claim:
    """A claim that the member made or took over, locked, so that they may change it. Raises UnknownClaim."""
    found = find(account, claim, locked=True)
    if found.account_id != account.pk and not taken_over(account, [found]):
        raise UnknownClaim
    return found


def taken_over(account: Account, claims: Iterable[Claim]) -> frozenset[UUID]:
    """Of these claims, those that a proxy made for the member and may no longer see: now the member goes on with them.

    A claim under a mandate is always paid to its giver, so the payee stays. Memberships must be loaded. No query
    without claims that others made for the member; else the number grows only with that of proxies.
    """
    made = {
        claim.pk: claim
        for claim in claims
        if claim.basis is not None
        and claim.account_id not in (None, account.pk)
        and claim.membership.person_id == account.person_id
    }
    if not made:
        return frozenset()
    given = given_by(account, {claim.basis for claim in made.values() if claim.basis is not None})
    found = {key for key, claim in made.items() if claim.basis in given}
    for proxy in Account.objects.filter(pk__in={claim.account_id for claim in made.values()}).select_related("person"):
        found -= set(claims_of(proxy).filter(pk__in=found).values_list("pk", flat=True))
    return frozenset(found)


def record_viewings(account: Account, claims: Iterable[Claim], *, by: Actor) -> None:
    """Record that a member opened claims of others, in the role in which they may. Their memberships must be loaded.

    The member's own claims leave no record. `by` is the request's actor.
    """
    others = {claim.membership.person_id for claim in claims} - {account.person_id}
    if not others:
        return
    for one in claimable(account):
        if one.person.pk in others:
            record_viewing(account, one, "claims", by=by)


def for_whom(account: Account) -> Iterable[Claimable]:
    """Everybody for whom the member may claim, the member first."""
    return claimable(account)
