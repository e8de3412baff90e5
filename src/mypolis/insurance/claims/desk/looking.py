"""Looks at a claim without taking it, for a stated reason. The trail keeps who looked and why."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final

from django.core import signing
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.staff.access import StaffMember
from mypolis.insurance.claims.desk.may_work import record_reader
from mypolis.insurance.claims.desk.refusals import Refused, Why
from mypolis.insurance.claims.event_kinds import ClaimEvent
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.claims.rights import ASSESS_CLAIMS
from mypolis.membership.family.staff_relations.colleagues import is_own_or_family

LIFE: Final = timedelta(minutes=15)
HELD: Final = "in_hand"
"""The reason in the trail if somebody opens a claim that they have in hand, instead of one of `Because`."""
_SALT: Final = "mypolis.claims.look"


class Because(StrEnum):
    """Why somebody looks at a claim that is not in their hands. A choice, because free words could be about health."""

    MEMBER_ASKS = "member_asks"
    COLLEAGUE_ASKS = "colleague_asks"
    COMPLAINT = "complaint"
    SAME_BILL = "same_bill"


REASONS: Final[Mapping[Because, Promise]] = {
    Because.MEMBER_ASKS: _("The member asks about it"),
    Because.COLLEAGUE_ASKS: _("A colleague asked for my view"),
    Because.COMPLAINT: _("There is a complaint"),
    Because.SAME_BILL: _("I compare it with another claim"),
}


@transaction.atomic
def look(*, claim: Claim, because: Because, staff: StaffMember, by: Actor) -> str:
    """Record that somebody looks; returns the pass with which the claim's pages open to them for `LIFE`.

    Raises Refused without the right, and for their own or their family's claim.
    """
    if not staff.may(ASSESS_CLAIMS, claim.market):
        raise Refused(Why.NO_RIGHT, who_can="assessor")
    if is_own_or_family(staff.pk, claim.membership):
        raise Refused(Why.OWN_OR_FAMILY, who_can="assessor")
    record(ClaimEvent.CLAIM_LOOKED_AT, market=claim.market, by=by, subject=claim, reason=because.value)
    record_reader(claim, staff, by=by)
    return signing.dumps([staff.pk, str(claim.pk)], salt=_SALT)


def may_look(claim: Claim, staff: StaffMember, given: str) -> bool:
    """Whether a pass was given to this person for this claim, and has not ended."""
    try:
        return bool(signing.loads(given, salt=_SALT, max_age=LIFE) == [staff.pk, str(claim.pk)])
    except (signing.BadSignature, UnicodeError):
        return False
