"""Was this you? What members say about treatment that a clinic billed directly."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.insurance.claims import access
from mypolis.insurance.claims.clinic_bills.answers import answer_about
from mypolis.insurance.claims.event_kinds import ClaimEvent
from mypolis.insurance.claims.lifecycle.changing import renew
from mypolis.insurance.claims.models import Claim, ClinicBillAnswer
from mypolis.membership.accounts.models import Account


def may_answer(account: Account, claim: Claim) -> bool:
    """Whether a member who sees this claim is asked whether the treatment was theirs, or their child's."""
    return claim.origin == "clinic" and claim.basis is None


@transaction.atomic
def answer_bill(*, account: Account, claim: UUID, is_mine: bool, text: str = "", by: Actor) -> Claim:
    """Say whether the treatment of a clinic's bill was the member's, or their child's. The last answer holds.

    The core system reads the answer. Saying the same again changes nothing. Raises UnknownClaim: no such claim, or not
    one that a clinic billed.
    """
    found = access.find(account, claim, locked=True)
    if not may_answer(account, found):
        raise access.UnknownClaim
    said = answer_about(found)
    if said is not None and (said.is_mine, said.text) == (is_mine, text.strip()):
        return found
    values = {"account": account, "is_mine": is_mine, "text": text.strip(), "at": timezone.now()}
    ClinicBillAnswer.objects.update_or_create(claim=found, defaults=values)
    renew(found)
    record(ClaimEvent.CLAIM_CLINIC_BILL_ANSWERED, market=found.market, by=by, subject=found, is_mine=is_mine)
    return found
