"""A clinic's bill names a guarantee: a part of the promise moves to the claim that the bill became."""

from django.db import transaction
from django.db.models import QuerySet

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.insurance.claims.clinic_bills.guarantors import UnknownGuarantee
from mypolis.insurance.claims.decisions import ledger as claims_ledger
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.guarantees.event_kinds import GuaranteeEvent
from mypolis.insurance.guarantees.lifecycle.changing import locked, move
from mypolis.insurance.guarantees.lifecycle.states import STANDING, State
from mypolis.insurance.guarantees.models import Guarantee, GuaranteeBill
from mypolis.insurance.guarantees.promises import ledger
from mypolis.insurance.guarantees.promises.promise import in_network
from mypolis.membership.people.models import Membership


def holder(*, market: str, number: str) -> Membership | None:
    """The membership, with its policy, for which a letter was given; None if there is no such letter."""
    found = _given(market, number).select_related("membership__policy", "membership__person").first()
    return found.membership if found is not None else None


@transaction.atomic
def settle(*, claim: Claim, number: str, is_last: bool, by: Actor) -> None:
    """Reserve for a bill's claim what the letter promised; the rest stays promised, or is released with the last bill.

    The claim is decided as any other. A bill that names a letter which has ended by now is still linked to it: what the
    clinic did while it stood is for whoever decides. Raises UnknownGuarantee if the member has no such letter.
    """
    named = _given(claim.market, number).filter(membership=claim.membership_id).first()
    if named is None:
        raise UnknownGuarantee
    guarantee = locked(named)
    GuaranteeBill.objects.create(guarantee=guarantee, claim=claim, is_last=is_last)
    record(GuaranteeEvent.GUARANTEE_BILLED, market=claim.market, by=by, subject=guarantee, claim=str(claim.pk))
    claim.lines.filter(in_network=None).update(in_network=in_network(guarantee))  # as the letter assumed
    if guarantee.in_state in STANDING:
        _move_promise(guarantee, claim, is_last=is_last, by=by)


def _given(market: str, number: str) -> QuerySet[Guarantee]:
    rows = Guarantee.objects.filter(market=market, number=number.strip())
    return rows.exclude(state__in=[State.ASKED, State.REFUSED])


def _move_promise(guarantee: Guarantee, claim: Claim, *, is_last: bool, by: Actor) -> None:
    """All of it is released first and the rest reserved again, in one transaction under the family's lock."""
    ledger.lock_family(guarantee)
    before = ledger.reserved(guarantee)
    ledger.write(guarantee, ledger.released(guarantee, before), by=by)
    taken = claims_ledger.reserve(claim=claim, by=by).granted
    if is_last:
        move(guarantee, State.USED, by=by, who="system")
        return
    rest = ledger.rest_of(guarantee, before, taken)
    if rest:
        ledger.write(guarantee, ledger.reservations(guarantee, rest), by=by)
        guarantee.save(update_fields=["reservations"])
