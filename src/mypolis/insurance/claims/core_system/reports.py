"""Takes what the core system says about a claim: a decision, the result of a payment, or both, in any order."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from django.db import transaction
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.insurance.claims.adjudication.reasons import REASONS, Kind
from mypolis.insurance.claims.event_kinds import ClaimEvent
from mypolis.insurance.claims.lifecycle.deciding import Contradicting, IdReused, Verdict, decide, says_the_same
from mypolis.insurance.claims.lifecycle.paying import pay, transfer_of
from mypolis.insurance.claims.lifecycle.states import NotAllowed
from mypolis.insurance.claims.models import Claim, CoreReport, Decision

_AHEAD = timedelta(hours=1)  # how far clocks may differ; after a later `at`, every real decision would look older

type CameTo = Literal["decided", "paid", "unchanged", "older"]


@dataclass(frozen=True, kw_only=True)
class Paid:
    """What became of the payment. `at` is the bank's time; `code` says why it failed.

    `amount` and `currency` are those of the payment, if the core system names them.
    """

    state: Literal["to_be_paid", "paid", "failed"]
    at: datetime | None = None
    code: str = ""
    amount: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True)
class Taken:
    """What came of a message. Sending it again gives the same.

    `decided`: it is the decision now. `paid`: it had news about the payment of the decision that holds. `unchanged`: it
    said nothing new. `older`: a newer decision had come before, so it changed nothing.
    """

    came_to: CameTo
    at: datetime


@transaction.atomic
def take_report(*, claim: Claim, verdict: Verdict, paid: Paid | None, by: Actor) -> Taken:
    """Record a decision of the core system, and what it says about the payment.

    The same id with the same content gives the same answer. A message that repeats outcome and lines of the decision
    that holds makes no new decision: so a message under a new id can report the payment. Only after an appeal, such a
    message without a payment is a new decision: it keeps the old one and ends the appeal. Raises NotAllowed, IdReused,
    Contradicting.
    """
    locked = Claim.objects.select_for_update().select_related("membership__policy").get(pk=claim.pk)
    digest = _digest(verdict, paid)
    known = _known(locked, verdict.id, digest)
    if known is not None:
        return known
    if verdict.at > timezone.now() + _AHEAD:
        raise Contradicting("at is in the future")
    last = locked.last_decision
    if last is not None and says_the_same(last, verdict) and not _ends_appeal(last, verdict, paid):
        if verdict.at < last.at:
            return _keep(locked, verdict, digest, "older", by=by)
        is_new = paid is not None and _take_payment(locked, paid, by=by)
        return _keep(locked, verdict, digest, "paid" if is_new else "unchanged", by=by)
    if last is not None and verdict.at <= last.at:
        return _keep(locked, verdict, digest, "older", by=by)
    recorded = decide(claim=locked, verdict=verdict, digest=digest, by=by)
    if paid is not None:
        _take_payment(locked, paid, by=by)
    return Taken("decided", recorded.decision.recorded_at)


def _known(claim: Claim, external_id: str, digest: str) -> Taken | None:
    """What the same message came to before. Raises IdReused."""
    decision = claim.decisions.filter(external_id=external_id).first()
    report = claim.core_reports.filter(external_id=external_id).first()
    found = decision or report
    if found is None:
        return None
    if found.digest != digest:
        raise IdReused
    if report is None:
        return Taken("decided", found.recorded_at)
    return Taken(_CAME_TO[report.came_to], report.recorded_at)


_CAME_TO: Mapping[str, CameTo] = {
    CoreReport.PAID: "paid",
    CoreReport.UNCHANGED: "unchanged",
    CoreReport.OLDER: "older",
}


def _keep(
    claim: Claim, verdict: Verdict, digest: str, came_to: Literal["paid", "unchanged", "older"], *, by: Actor
) -> Taken:
    row = CoreReport.objects.create(claim=claim, external_id=verdict.id, digest=digest, came_to=came_to, at=verdict.at)
    record(ClaimEvent.CLAIM_REPORTED, market=claim.market, by=by, subject=claim, came_to=came_to)
    return Taken(came_to, row.recorded_at)


def _ends_appeal(last: Decision, verdict: Verdict, paid: Paid | None) -> bool:
    """Whether a message that repeats a decision keeps it after an appeal, and does not only report its payment."""
    appeal = last.its_appeal
    return appeal is not None and paid is None and verdict.at > max(appeal.at, last.at)


def _take_payment(claim: Claim, paid: Paid, *, by: Actor) -> bool:
    """Record the result of a payment; returns whether it was new. Raises NotAllowed, Contradicting."""
    claim.refresh_from_db()
    if claim.last_decision is None:
        raise NotAllowed(claim.in_state, "pay")
    before = transfer_of(claim)
    if before is None:
        raise Contradicting("there is nothing to pay")
    if paid.amount is not None and paid.amount != before.money.amount:
        raise Contradicting(f"the payment is of {before.money.amount}, not {paid.amount}")
    if paid.currency and paid.currency != before.money.currency:
        raise Contradicting(f"the payment is in {before.money.currency}, not {paid.currency}")
    if paid.state == "to_be_paid":
        return False
    if paid.at is None:
        raise Contradicting("a payment that was made or failed needs a time, at")
    if paid.state == "failed" and not is_payment_reason(paid.code):
        raise Contradicting("a payment that failed needs a code, which says why")
    code = paid.code if paid.state == "failed" else ""
    now = pay(claim=claim, state=paid.state, at=paid.at, code=code, by=by)
    return now != before


def is_payment_reason(code: str) -> bool:
    """Whether a code is a reason why a payment failed."""
    return code in REASONS and REASONS[code].kind == Kind.PAYMENT


def _digest(verdict: Verdict, paid: Paid | None) -> str:
    lines = sorted((asdict(line) for line in verdict.lines), key=lambda line: str(line["line"]))
    content = {**asdict(verdict), "lines": lines, "paid": asdict(paid) if paid else None}
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
