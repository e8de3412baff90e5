"""Who may work on a claim at the desk: rights, one's own and one's family's claims, and appeals."""

from mypolis.foundation.events import Actor
from mypolis.foundation.rooms import Right, Role
from mypolis.foundation.staff.access import StaffMember
from mypolis.foundation.staff.roles import ROLES
from mypolis.insurance.claims.desk.refusals import Refused, Why
from mypolis.insurance.claims.lifecycle.states import DECIDED, State
from mypolis.insurance.claims.models import AssessmentDraft, Claim, ClaimInHand, StateChange
from mypolis.insurance.claims.rights import ASSESS_CLAIMS, REVIEW_ASSESSMENTS
from mypolis.membership.family.staff_relations.colleagues import is_own_or_family
from mypolis.membership.family.staff_relations.staff_viewings import record_staff_viewing

_TOOK_PART = sorted(state.value for state in DECIDED | {State.ASSESSED})


def check_may_work(claim: Claim, staff: StaffMember) -> None:
    """Check that somebody may work on a claim in its state, whoever has it in hand. Raises Refused."""
    role: Role = "senior-assessor" if claim.state == State.SECOND_REVIEW else "assessor"
    if not staff.may(right_for(claim), claim.market):
        raise Refused(Why.NO_RIGHT, who_can=role)
    if is_own_or_family(staff.pk, claim.membership):
        raise Refused(Why.OWN_OR_FAMILY, who_can=role)
    if claim.decided_at is not None and took_part(claim, staff):
        raise Refused(Why.TOOK_PART, who_can=role)
    if claim.state == State.SECOND_REVIEW and assessed(claim, staff):
        raise Refused(Why.ASSESSED_IT, who_can="senior-assessor")


def right_for(claim: Claim) -> Right:
    """The right that a claim in its state needs."""
    return REVIEW_ASSESSMENTS if claim.state == State.SECOND_REVIEW else ASSESS_CLAIMS


def took_part(claim: Claim, staff: StaffMember) -> bool:
    """Whether somebody assessed, confirmed or decided an earlier decision about a claim."""
    by_them = {"by_kind": "staff", "by_id": str(staff.pk)}
    last = claim.last_decision
    if last is None:
        return False
    rows = StateChange.objects.filter(claim=claim, after__in=_TOOK_PART, at__lte=last.recorded_at, **by_them)
    return rows.exists() or claim.decisions.filter(**by_them).exists()


def assessed(claim: Claim, staff: StaffMember) -> bool:
    """Whether it is somebody's own assessment that waits for a second person."""
    return AssessmentDraft.objects.filter(claim=claim, assessed_by=staff.pk).exists()


def held(claim: Claim, staff: StaffMember, *states: State) -> ClaimInHand:
    """The row that says that somebody has a locked claim in hand, in one of these states.

    Raises Refused for another state, if somebody else or nobody has the claim, or if they may not work on it any more.
    """
    row = ClaimInHand.objects.filter(claim=claim).first()
    if row is not None and row.staff != staff.pk:
        raise Refused(Why.IN_OTHER_HANDS, holder=row.name)
    if claim.in_state not in states:
        raise Refused(Why.WRONG_STATE)
    if row is None:
        raise Refused(Why.NOT_IN_HAND)
    check_may_work(claim, staff)
    return row


def record_reader(claim: Claim, staff: StaffMember, *, by: Actor) -> None:
    """Record that a claim is open to somebody from now on: the insured person sees when, and in which role."""
    role = next(role for role in ROLES if role in staff.roles_in(claim.market) & ASSESS_CLAIMS.roles)
    record_staff_viewing(person=claim.membership.person, staff=staff.pk, role=role, by=by)


def lock(claim: Claim) -> Claim:
    """Lock a claim's row until the transaction ends, and read it again with its membership and policy."""
    rows = Claim.objects.select_for_update(of=("self",)).select_related("membership__policy", "pay_to")
    return rows.get(pk=claim.pk)
