"""Closes a claim that somebody sent twice; the other claim goes on."""

from django.db import transaction

from mypolis.foundation.events import Actor
from mypolis.insurance.claims.decisions import ledger
from mypolis.insurance.claims.lifecycle.changing import move
from mypolis.insurance.claims.lifecycle.states import ENDED_UNDECIDED, State
from mypolis.insurance.claims.models import Claim


class NotTheSame(Exception):
    """The other claim is about another person, was not sent, or has ended without a decision itself."""


@transaction.atomic
def close_as_duplicate(*, claim: Claim, of: Claim, by: Actor) -> Claim:
    """Close a claim as a duplicate of another one, release what it reserved, and tell the member the other's number.

    Its files stay. Closing it again as a duplicate of the same claim changes nothing. Raises NotTheSame, NotAllowed (it
    was decided, or has ended).
    """
    rows = Claim.objects.select_for_update(of=("self",)).select_related("membership__policy", "account")
    locked = {row.pk: row for row in rows.filter(pk__in=[claim.pk, of.pk]).order_by("pk")}
    found, other = locked[claim.pk], locked[of.pk]
    if found.state == State.DUPLICATE and found.related_id == other.pk:
        return found
    if found.pk == other.pk or not _goes_on(other, found):
        raise NotTheSame
    found.related = other
    move(found, State.DUPLICATE, by=by, code="duplicate_of", facts={"claim": other.number}, changed=("related",))
    ledger.release(claim=found, by=by)
    return found


def _goes_on(other: Claim, claim: Claim) -> bool:
    """Whether the other claim can replace this one."""
    is_same_person = other.membership.person_id == claim.membership.person_id and other.market == claim.market
    return is_same_person and bool(other.number) and other.in_state not in ENDED_UNDECIDED
