"""Who may work on a claim at the desk: rights, one's own and one's family's claims, and appeals."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from mypolis.foundation.events import Actor
from mypolis.foundation.rooms import Right, Role
from mypolis.foundation.staff.access import StaffMember
from mypolis.foundation.staff.roles import ROLES
from mypolis.insurance.claims.desk.refusals import Refused, Why
from mypolis.insurance.claims.lifecycle.states import DECIDED, State
from mypolis.insurance.claims.models import (
    AssessmentDraft,
    Claim,
    ClaimInHand,
    Decision,
    StateChange,
    WaitingDecision,
)
from mypolis.insurance.claims.rights import ASSESS_CLAIMS, REVIEW_ASSESSMENTS
from mypolis.membership.family.staff_relations.colleagues import close_among
from mypolis.membership.family.staff_relations.staff_viewings import record_staff_viewing

_TOOK_PART = sorted(state.value for state in DECIDED | {State.ASSESSED})


@dataclass(frozen=True)
class Ties:
    """What binds somebody to some claims: `persons` close to them, and the claims whose decision they took part in.

    `assessed` are the claims whose assessment by them waits for a second person.
    """

    persons: Collection[int]
    took_part: Collection[UUID]
    assessed: Collection[UUID]


def ties_of(staff: StaffMember, claims: Sequence[Claim]) -> Ties:
    """Read what binds somebody to these claims, with as many queries for many as for one. Needs their memberships."""
    appealed = [claim for claim in claims if claim.decided_at is not None]
    second = [claim.pk for claim in claims if claim.state == State.SECOND_REVIEW]
    drafts = AssessmentDraft.objects.filter(claim__in=second, assessed_by=staff.pk) if second else None
    return Ties(
        persons=close_among(staff.pk, {claim.membership.person_id for claim in claims}),
        took_part=_took_part(staff, appealed) if appealed else (),
        assessed=set(drafts.values_list("claim", flat=True)) if drafts is not None else (),
    )


def check_may_work(claim: Claim, staff: StaffMember, ties: Ties | None = None) -> None:
    """Check that somebody may work on a claim in its state, whoever has it in hand. Raises Refused.

    Without `ties`, which are for many claims, what binds them to this one is read.
    """
    role: Role = "senior-assessor" if claim.state == State.SECOND_REVIEW else "assessor"
    if not staff.may(right_for(claim), claim.market):
        raise Refused(Why.NO_RIGHT, who_can=role)
    check_not_bound(claim, staff, ties or ties_of(staff, [claim]), who_can=role)


def check_not_bound(claim: Claim, staff: StaffMember, ties: Ties, *, who_can: Role) -> None:
    """Check that nothing binds somebody to a claim, so that they may decide it, and choose who does. Raises Refused."""
    if claim.membership.person_id in ties.persons:
        raise Refused(Why.OWN_OR_FAMILY, who_can=who_can)
    if claim.entered_by == staff.pk:
        raise Refused(Why.ENTERED_IT, who_can=who_can)
    if claim.pk in ties.took_part:
        raise Refused(Why.TOOK_PART, who_can=who_can)
    if claim.pk in ties.assessed:
        raise Refused(Why.ASSESSED_IT, who_can="senior-assessor")


def right_for(claim: Claim) -> Right:
    """The right that a claim in its state needs."""
    return REVIEW_ASSESSMENTS if claim.state == State.SECOND_REVIEW else ASSESS_CLAIMS


def _took_part(staff: StaffMember, claims: Sequence[Claim]) -> set[UUID]:
    """The claims of which somebody assessed, confirmed or decided an earlier decision."""
    them = ("staff", str(staff.pk))
    decisions = list(Decision.objects.filter(claim__in=[claim.pk for claim in claims]).order_by("number"))
    last = {decision.claim_id: decision.recorded_at for decision in decisions}  # the one with the highest number
    own = {decision.claim_id for decision in decisions if (decision.by_kind, decision.by_id) == them}
    changes = StateChange.objects.filter(claim__in=last, after__in=_TOOK_PART, by_kind=them[0], by_id=them[1])
    return own | {claim for claim, at in changes.values_list("claim", "at") if at <= last[claim]}


def held(claim: Claim, staff: StaffMember, *states: State) -> ClaimInHand:
    """The row that says that somebody has a locked claim in hand, in one of these states.

    Raises Refused for another state, if somebody else or nobody has the claim, if they may not work on it any more, or
    while a decision waits.
    """
    row = ClaimInHand.objects.filter(claim=claim).first()
    if row is not None and row.staff != staff.pk:
        raise Refused(Why.IN_OTHER_HANDS, holder=row.name)
    if claim.in_state not in states:
        raise Refused(Why.WRONG_STATE)
    if row is None:
        raise Refused(Why.NOT_IN_HAND)
    check_no_decision_waits(claim)
    check_may_work(claim, staff)
    return row


def check_no_decision_waits(claim: Claim) -> None:
    """Check that no decision about a locked claim is about to be recorded. Raises Refused."""
    if waiting_among([claim]):
        raise Refused(Why.DECISION_WAITS)


def waiting_among(claims: Sequence[Claim]) -> set[UUID]:
    """Those of the claims about which a decision is about to be recorded."""
    rows = WaitingDecision.objects.filter(claim__in=[claim.pk for claim in claims], is_stopped=False)
    return set(rows.values_list("claim", flat=True))


def record_reader(claim: Claim, staff: StaffMember, *, by: Actor) -> None:
    """Record that a claim is open to somebody from now on: the insured person sees when, and in which role."""
    role = next(role for role in ROLES if role in staff.roles_in(claim.market) & ASSESS_CLAIMS.roles)
    record_staff_viewing(person=claim.membership.person, staff=staff.pk, role=role, by=by)


def lock(claim: Claim) -> Claim:
    """Lock a claim's row until the transaction ends, and read it again with its membership and policy."""
    rows = Claim.objects.select_for_update(of=("self",)).select_related("membership__policy", "pay_to")
    return rows.get(pk=claim.pk)
