"""Closes a claim that somebody sent twice; the other claim goes on."""

from django.db import transaction

from mypolis.foundation.events import Actor
from mypolis.insurance.claims.decisions import ledger
from mypolis.insurance.claims.lifecycle.changing import move
from mypolis.insurance.claims.lifecycle.states import ENDED_UNDECIDED, State
from mypolis.insurance.claims.models import Claim
from mypolis.membership.people.models import Membership


class NotTheSame(Exception):
    """The other claim cannot replace this one.

    It is about another person, and not made by the same member for their family; or it was not sent, or has ended
    without a decision itself.
    """


@transaction.atomic
def close_as_duplicate(*, claim: Claim, of: Claim, by: Actor) -> Claim:
    """Close a claim as a duplicate of another one, release what it reserved, and tell the member the other's number.

    Its files stay. Closing it again as a duplicate of the same claim changes nothing. Raises NotTheSame, NotAllowed (it
    was decided, or has ended).
    """
    found, other = lock_both(claim, of)
    if found.state == State.DUPLICATE and found.related_id == other.pk:
        return found
    if not can_replace(other, found):
        raise NotTheSame
    found.related = other
    move(found, State.DUPLICATE, by=by, code="duplicate_of", facts={"claim": other.number}, changed=("related",))
    ledger.release(claim=found, by=by)
    return found


def lock_both(claim: Claim, of: Claim) -> tuple[Claim, Claim]:
    """Lock a claim and the other one, in the same order for everybody, and read them again."""
    rows = Claim.objects.select_for_update(of=("self",)).select_related("membership__policy", "account", "pay_to")
    locked = {row.pk: row for row in rows.filter(pk__in=[claim.pk, of.pk]).order_by("pk")}
    return locked[claim.pk], locked[of.pk]


def can_replace(other: Claim, claim: Claim) -> bool:
    """Whether the other claim can go on instead of this one; both need their memberships and policies."""
    if other.pk == claim.pk or other.market != claim.market:
        return False
    return bool(other.number) and other.in_state not in ENDED_UNDECIDED and _is_theirs(other, claim)


def _is_theirs(other: Claim, claim: Claim) -> bool:
    """Whether it is about the same person, or about the family of the member who made both and so may see both."""
    if other.membership.person_id == claim.membership.person_id:
        return True
    if claim.account_id is None or other.account_id != claim.account_id:
        return False
    family = Membership.objects.in_families_of([claim.membership])
    return family.filter(pk=other.membership_id).exists()
