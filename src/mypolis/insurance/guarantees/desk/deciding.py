"""Decides about guarantees at the desk: alone up to one's authority, above it together with a second person."""

from decimal import Decimal
from typing import Literal

from django.db import transaction

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.staff.access import StaffMember
from mypolis.insurance.claims.desk.authority import authority_in, may_confirm_in
from mypolis.insurance.guarantees.desk.in_hand import check_held
from mypolis.insurance.guarantees.desk.refusals import Refused, Why
from mypolis.insurance.guarantees.event_kinds import GuaranteeEvent
from mypolis.insurance.guarantees.lifecycle import deciding as lifecycle
from mypolis.insurance.guarantees.lifecycle.changing import locked
from mypolis.insurance.guarantees.lifecycle.deciding import Terms, preview, write_letter
from mypolis.insurance.guarantees.lifecycle.states import State, can_change
from mypolis.insurance.guarantees.models import Guarantee, GuaranteeInHand, GuaranteeProposal
from mypolis.insurance.guarantees.promises import ledger
from mypolis.insurance.guarantees.promises.promise import Promise
from mypolis.insurance.guarantees.rights import REVIEW_GUARANTEES

type CameTo = Literal["decided", "second_review"]

LONGEST_REMARK = 600


class OtherPromise(Exception):
    """The rules would pay another sum than the page showed; `promise` is what they would pay now."""

    def __init__(self, promise: Promise) -> None:
        super().__init__("another sum than was shown")
        self.promise = promise


@transaction.atomic
def promise(
    *, guarantee: Guarantee, to: State, terms: Terms, shown: Decimal | None, staff: StaffMember, by: Actor
) -> CameTo:
    """Give, extend or make final a guarantee that one has in hand. `shown` is the promise that the page showed.

    A sum above one's authority waits for a second person instead. Raises Refused, OtherPromise, BadTerms.
    """
    found = _in_hand(guarantee, staff)
    _check_state(found, to)
    _check_nothing_waits(found)
    now = _promise_now(found, terms, shown)
    if now.promised > authority_in(staff, found.profile):
        _propose(found, to, terms, now, staff, by=by)
        return "second_review"
    write_letter(guarantee=found, to=to, terms=terms, by=by)
    return "decided"


@transaction.atomic
def confirm(*, guarantee: Guarantee, shown: Decimal | None, staff: StaffMember, by: Actor) -> Guarantee:
    """Make the promise that somebody else proposed. Whoever confirms is never the first, and needs the authority.

    Raises Refused, OtherPromise.
    """
    found = _in_hand(guarantee, staff)
    proposal = _to_confirm(found, staff)
    terms = terms_of(proposal)
    now = _promise_now(found, terms, shown)
    if not may_confirm_in(staff, found.profile, now.promised):
        raise Refused(Why.HIGHER_AUTHORITY)
    return write_letter(guarantee=found, to=State(proposal.to), terms=terms, by=by)


@transaction.atomic
def send_back(*, guarantee: Guarantee, remark: str, staff: StaffMember, by: Actor) -> GuaranteeProposal:
    """Send a proposal back with a remark; then an assessor takes the guarantee again. Raises Refused."""
    found = _in_hand(guarantee, staff)
    proposal = _to_confirm(found, staff)
    proposal.is_returned, proposal.remark = True, remark.strip()[:LONGEST_REMARK]
    proposal.save(update_fields=["is_returned", "remark"])
    GuaranteeInHand.objects.filter(guarantee=found).delete()
    record(GuaranteeEvent.GUARANTEE_SENT_BACK, market=found.market, by=by, subject=found)
    return proposal


@transaction.atomic
def refuse(*, guarantee: Guarantee, code: str, reason: str, staff: StaffMember, by: Actor) -> Guarantee:
    """Refuse a request that one has in hand. Raises Refused, ReasonMissing."""
    found = _in_hand(guarantee, staff)
    _check_state(found, State.REFUSED)
    _check_nothing_waits(found)
    return lifecycle.refuse(guarantee=found, code=code, reason=reason, by=by)


@transaction.atomic
def revoke(*, guarantee: Guarantee, code: str, reason: str, staff: StaffMember, by: Actor) -> Guarantee:
    """Take back a letter that one has in hand. Raises Refused, ReasonMissing."""
    found = _in_hand(guarantee, staff)
    _check_state(found, State.REVOKED)
    return lifecycle.revoke(guarantee=found, code=code, reason=reason, by=by)


def terms_of(proposal: GuaranteeProposal) -> Terms:
    """The terms that somebody proposed."""
    return Terms(
        expected=proposal.expected,
        planned_to=proposal.planned_to,
        valid_until=proposal.valid_until,
        conditions=proposal.conditions,
    )


def pays_something(promise: Promise) -> bool:
    """Whether the rules can decide, and would pay something."""
    return promise.is_decided and promise.promised > 0


def _in_hand(guarantee: Guarantee, staff: StaffMember) -> Guarantee:
    found = locked(guarantee)
    check_held(found, staff)
    return found


def _check_state(guarantee: Guarantee, to: State) -> None:
    if not can_change(guarantee.in_state, to, "staff"):
        raise Refused(Why.WRONG_STATE)


def _check_nothing_waits(guarantee: Guarantee) -> None:
    if GuaranteeProposal.objects.filter(guarantee=guarantee, is_returned=False).exists():
        raise Refused(Why.WAITS_FOR_SECOND)


def _promise_now(guarantee: Guarantee, terms: Terms, shown: Decimal | None) -> Promise:
    """What the rules would pay, on the limits as they stay until the transaction ends."""
    ledger.lock_family(guarantee)
    now = preview(guarantee, terms)
    if not pays_something(now):
        raise Refused(Why.PAYS_NOTHING)
    if now.promised != shown:
        raise OtherPromise(now)
    return now


def _propose(guarantee: Guarantee, to: State, terms: Terms, promise: Promise, staff: StaffMember, *, by: Actor) -> None:
    values = {
        "to": to,
        "expected": guarantee.expected if terms.expected is None else terms.expected,
        "planned_to": terms.planned_to or guarantee.planned_to,
        "valid_until": terms.valid_until,
        "conditions": terms.conditions or "",
        "promised": promise.promised,
        "proposed_by": staff.pk,
        "proposed_name": staff.name,
        "remark": "",
        "is_returned": False,
    }
    GuaranteeProposal.objects.update_or_create(guarantee=guarantee, defaults=values)
    GuaranteeInHand.objects.filter(guarantee=guarantee).delete()
    record(GuaranteeEvent.GUARANTEE_PROPOSED, market=guarantee.market, by=by, subject=guarantee, to=str(to))


def _to_confirm(guarantee: Guarantee, staff: StaffMember) -> GuaranteeProposal:
    proposal = GuaranteeProposal.objects.filter(guarantee=guarantee, is_returned=False).first()
    if proposal is None:
        raise Refused(Why.NOTHING_PROPOSED)
    if not staff.may(REVIEW_GUARANTEES, guarantee.market):
        raise Refused(Why.NO_RIGHT)
    if proposal.proposed_by == staff.pk:
        raise Refused(Why.PROPOSED_IT)
    _check_state(guarantee, State(proposal.to))
    return proposal
