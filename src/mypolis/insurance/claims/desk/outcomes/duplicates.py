"""Ends a claim at the desk because another one has the same bills. A person decides that, never the system."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import translation

from mypolis.foundation.events import Actor
from mypolis.foundation.staff.access import StaffMember
from mypolis.insurance.claims.desk.may_work import held
from mypolis.insurance.claims.desk.outcomes.waiting import record_own_in_family
from mypolis.insurance.claims.desk.refusals import Refused, Why
from mypolis.insurance.claims.lifecycle.duplicates import NotTheSame, can_replace, close_as_duplicate, lock_both
from mypolis.insurance.claims.lifecycle.sentences import sentence_for
from mypolis.insurance.claims.lifecycle.states import State
from mypolis.insurance.claims.models import Claim

CAN_END = (State.IN_REVIEW, State.WAITING, State.SECOND_REVIEW)
"""States of a claim in hand in which it can end as a duplicate. A claim under appeal ends with a decision."""


def other_claim(claim: Claim, number: str) -> Claim:
    """The sent claim with this number that can go on instead; the same answer for every reason. Raises NotTheSame."""
    rows = Claim.objects.sent().select_related("membership__policy", "membership__person")
    other = rows.filter(market=claim.market, number=number.strip().upper()).first()
    if other is None or not can_replace(other, claim):
        raise NotTheSame
    return other


def letter(claim: Claim, other: Claim) -> Mapping[str, str]:
    """What the member will read, by language of the market."""
    found = {}
    for language in claim.profile.languages:
        with translation.override(language):
            found[language] = sentence_for(claim, State.DUPLICATE, "duplicate_of", {"claim": other.number})
    return found


def end_as_duplicate(*, claim: Claim, number: str, staff: StaffMember, by: Actor) -> Claim:
    """End a claim that one has in hand as a duplicate of the one with this number, release what it reserved, tell.

    What the same person decided before in the family is recorded first. Raises Refused, NotTheSame.
    """
    record_own_in_family(claim, staff)
    return _end(claim, number, staff, by=by)


@transaction.atomic
def _end(claim: Claim, number: str, staff: StaffMember, *, by: Actor) -> Claim:
    locked, other = lock_both(claim, other_claim(claim, number))
    held(locked, staff, *CAN_END)
    if locked.decided_at is not None:
        raise Refused(Why.UNDER_APPEAL)
    return close_as_duplicate(claim=locked, of=other, by=by)
