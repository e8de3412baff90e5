"""Sends a claim: once, with an acknowledgement of every file."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.files.models import ReceivedFile, ReceivedState
from mypolis.insurance.claims import access
from mypolis.insurance.claims.benefits import benefit_of
from mypolis.insurance.claims.decisions import ledger
from mypolis.insurance.claims.drafts.missing import Missing, missing
from mypolis.insurance.claims.lifecycle import automatic
from mypolis.insurance.claims.lifecycle.changing import move
from mypolis.insurance.claims.lifecycle.numbers import next_number
from mypolis.insurance.claims.lifecycle.states import State
from mypolis.insurance.claims.models import Claim, day_of
from mypolis.insurance.claims.repeats import remember_lines
from mypolis.membership.accounts.models import Account


class Incomplete(Exception):
    """The draft cannot be sent yet; `missing` says why."""

    def __init__(self, found: list[Missing]) -> None:
        super().__init__(", ".join(one.field for one in found))
        self.missing = found


@transaction.atomic
def submit(*, account: Account, claim: UUID, by: Actor) -> Claim:
    """Send a draft. A claim that was sent already is returned unchanged, so that sending twice does no harm.

    The claim gets its number, what it asks for is reserved from the limits, and it counts as received once every file
    is checked. Raises UnknownClaim, Incomplete.
    """
    draft = access.own(account, claim)
    if not draft.is_draft:
        return draft
    now = timezone.now()
    today = day_of(now, draft.profile)
    files = list(ReceivedFile.objects.of(draft))
    lines = list(draft.lines.all())
    lacking = missing(draft, benefit_of(draft), lines, files, today)
    if lacking:
        raise Incomplete(lacking)
    draft.number, draft.sent_at = next_number(today), now
    draft.sum_up(lines)
    draft.remember_provider()
    remember_lines(draft)
    set_here = ("number", "sent_at", "billed", "billed_in", "provider_digest")
    move(draft, State.SUBMITTED, by=by, now=now, changed=set_here, facts={"is_entered": bool(draft.came_by)})
    ledger.reserve(claim=draft, by=by)
    receive_if_complete(draft, by=by)
    return draft


def receive_if_complete(claim: Claim, *, by: Actor) -> None:
    """Count a sent, locked claim as received once none of its files is being checked; the promise's clock then starts.

    A refused file was asked about, and replaced or explained, before the claim came back to this state.
    """
    if claim.state != State.SUBMITTED:
        return
    if not ReceivedFile.objects.of(claim).filter(state=ReceivedState.CHECKING).exists():
        move(claim, State.RECEIVED, by=by, who="system")
        automatic.enqueue(claim)
