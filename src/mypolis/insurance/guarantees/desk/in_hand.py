"""Takes guarantees in hand: two assessors never decide about one, and health data is open only to whoever has it."""

from collections.abc import Collection

from django.db import transaction

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.staff.access import StaffMember
from mypolis.foundation.staff.roles import ROLES
from mypolis.insurance.guarantees.desk.refusals import Refused, Why
from mypolis.insurance.guarantees.event_kinds import GuaranteeEvent
from mypolis.insurance.guarantees.lifecycle.changing import locked
from mypolis.insurance.guarantees.models import Guarantee, GuaranteeInHand
from mypolis.insurance.guarantees.rights import ASSESS_GUARANTEES
from mypolis.membership.family.staff_relations.colleagues import close_among
from mypolis.membership.family.staff_relations.staff_viewings import record_staff_viewing


@transaction.atomic
def take(*, guarantee: Guarantee, staff: StaffMember, by: Actor, is_from_colleague: bool = False) -> GuaranteeInHand:
    """Take a guarantee in hand, in any state: also one that has ended can be read again.

    The insured person sees when and in which role somebody took it. Of two people at once, one gets it.
    `is_from_colleague` takes it from whoever has it. Raises Refused, with the holder if somebody else has it.
    """
    found = locked(guarantee)
    check_may_work(found, staff)
    row = GuaranteeInHand.objects.filter(guarantee=found).first()
    if row is not None and row.staff == staff.pk:
        return row
    if row is not None and not is_from_colleague:
        raise Refused(Why.IN_OTHER_HANDS, holder=row.name)
    before = row.staff if row is not None else None
    GuaranteeInHand.objects.filter(guarantee=found).delete()
    row = GuaranteeInHand.objects.create(guarantee=found, staff=staff.pk, name=staff.name)
    record(GuaranteeEvent.GUARANTEE_TAKEN, market=found.market, by=by, subject=found, before=before)
    role = next(role for role in ROLES if role in staff.roles_in(found.market) & ASSESS_GUARANTEES.roles)
    record_staff_viewing(person=found.membership.person, staff=staff.pk, role=role, by=by)
    return row


@transaction.atomic
def put_back(*, guarantee: Guarantee, staff: StaffMember, by: Actor) -> Guarantee:
    """Let go of a guarantee, so that anybody can take it. Raises Refused."""
    found = locked(guarantee)
    check_held(found, staff)
    GuaranteeInHand.objects.filter(guarantee=found).delete()
    record(GuaranteeEvent.GUARANTEE_PUT_BACK, market=found.market, by=by, subject=found)
    return found


def check_may_work(guarantee: Guarantee, staff: StaffMember, close: Collection[int] | None = None) -> None:
    """Check that somebody may work on a guarantee, whoever has it in hand. Raises Refused.

    `close` are the persons close to them, if they were read before for many guarantees.
    """
    if not staff.may(ASSESS_GUARANTEES, guarantee.market):
        raise Refused(Why.NO_RIGHT)
    person = guarantee.membership.person_id
    if person in (close_among(staff.pk, [person]) if close is None else close):
        raise Refused(Why.OWN_OR_FAMILY)


def check_held(guarantee: Guarantee, staff: StaffMember) -> None:
    """Check that somebody has a guarantee in hand and may still work on it. Raises Refused."""
    check_holder(guarantee, GuaranteeInHand.objects.filter(guarantee=guarantee).first(), staff)


def check_holder(
    guarantee: Guarantee, row: GuaranteeInHand | None, staff: StaffMember, close: Collection[int] | None = None
) -> None:
    """As `check_held`, for a `row` that was read before."""
    if row is None:
        raise Refused(Why.NOT_IN_HAND)
    if row.staff != staff.pk:
        raise Refused(Why.IN_OTHER_HANDS, holder=row.name)
    check_may_work(guarantee, staff, close)
