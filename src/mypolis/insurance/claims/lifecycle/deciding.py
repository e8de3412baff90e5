"""Records decisions of a core system, of an assessor or of an operator.

Decisions of the rules are written by `decisions/by_rules.py`.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal
from uuid import UUID

from django.db import transaction

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.insurance.claims.adjudication.consistency import Outcome, Said, contradiction
from mypolis.insurance.claims.decisions import ledger
from mypolis.insurance.claims.decisions.batch import Outcome as Computed
from mypolis.insurance.claims.decisions.given_reasons import given_cuts, is_ours
from mypolis.insurance.claims.decisions.rows import name_of
from mypolis.insurance.claims.event_kinds import ClaimEvent
from mypolis.insurance.claims.lifecycle import paying
from mypolis.insurance.claims.lifecycle.changing import move, who_is
from mypolis.insurance.claims.lifecycle.states import State, check
from mypolis.insurance.claims.models import Claim, DecidedLine, Decision, Line

_LARGEST = Decimal(10**12) - 1  # the columns of sums have 12 digits before the point

type Source = Literal["rules", "desk", "partner", "command"]


class IdReused(Exception):
    """The same id came before, with other content."""


class Contradicting(Exception):
    """The outcome does not fit the lines; `problem` says how, for the program that sent it."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, kw_only=True)
class LineDecision:
    """What was decided about a line: the granted sum in the plan's currency, and the reason codes of the cuts.

    `rate` turns a bill in another currency into the plan's, if the line has none yet.
    """

    line: UUID
    granted: Decimal
    currency: str
    reasons: tuple[str, ...] = ()
    rate: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """A decision from outside. `id` makes it idempotent, `at` orders decisions that arrive out of order."""

    id: str
    at: datetime
    outcome: Outcome
    lines: tuple[LineDecision, ...]
    source: Source = "partner"


@dataclass(frozen=True)
class Recorded:
    """The decision that holds. `is_new`: this request made it. `superseded`: a newer one had come before."""

    decision: Decision
    is_new: bool
    superseded: bool = False


@transaction.atomic
def decide(
    *, claim: Claim, verdict: Verdict, by: Actor, digest: str = "", lowered_for: Mapping[UUID, str] | None = None
) -> Recorded:
    """Record a decision and everything that follows from it: uses of limits, the payment, the news to the member.

    The same id with the same content gives the same answer; with other content, IdReused. A decision that is older
    than the last one changes nothing. `digest` is needed only if the message said more than the verdict; it covers all
    of the message. `lowered_for` has the one reason for which an assessor grants less than our rules, by line. Raises
    NotAllowed, IdReused, Contradicting.
    """
    locked = Claim.objects.select_for_update().select_related("membership__policy").get(pk=claim.pk)
    digest = digest or _digest(verdict)
    known = locked.decisions.filter(external_id=verdict.id).first() if verdict.id else None
    if known is not None:
        if known.digest != digest:
            raise IdReused
        return Recorded(known, is_new=False)
    last = locked.last_decision
    if last is not None and verdict.at <= last.at:
        return Recorded(last, is_new=False, superseded=True)
    check(locked.in_state, State(verdict.outcome), who_is(by))
    is_kept = last is not None and last.its_appeal is not None and says_the_same(last, verdict)
    lines, number = _checked(locked, verdict), last.number + 1 if last else 1
    granted = {line.line: line.granted for line in verdict.lines}
    computed = ledger.settle(claim=locked, number=number, granted=granted, by=by)
    decision = _write(locked, verdict, digest, number=number, by=by)
    DecidedLine.objects.bulk_create(
        _decided_line(decision, line, one, computed, (lowered_for or {}).get(line.pk, "")) for line, one in lines
    )
    record(
        ClaimEvent.CLAIM_DECIDED,
        market=locked.market,
        by=by,
        subject=locked,
        outcome=verdict.outcome,
        number=decision.number,
        source=verdict.source,
    )
    move(locked, State(verdict.outcome), by=by, code="decision_kept" if is_kept else "")
    paying.prepare(locked, decision, by=by)
    return Recorded(decision, is_new=True)


def says_the_same(decision: Decision, verdict: Verdict) -> bool:
    """Whether a verdict has the outcome, lines and rates of a decision."""
    typed = {line.line: line.rate for line in verdict.lines if line.rate is not None}
    if typed:
        rates = dict(Line.objects.filter(claim=decision.claim_id).values_list("pk", "rate"))
        if any(rate != rates.get(line) for line, rate in typed.items()):
            return False
    stored = {row.line_id: (row.granted, {cut["code"] for cut in row.cuts}) for row in decision.lines.all()}
    said = {line.line: (line.granted, set(line.reasons)) for line in verdict.lines}
    return decision.outcome == verdict.outcome and stored == said


def _write(claim: Claim, verdict: Verdict, digest: str, *, number: int, by: Actor) -> Decision:
    return Decision.objects.create(
        claim=claim,
        number=number,
        outcome=verdict.outcome,
        source=verdict.source,
        external_id=verdict.id,
        digest=digest,
        at=verdict.at,
        by_kind=by.kind,
        by_id=by.id,
    )


def _checked(claim: Claim, verdict: Verdict) -> list[tuple[Line, LineDecision]]:
    """Each line with what was decided about it; rates are stored.

    Raises Contradicting when the verdict's lines are not those of the claim, or do not fit it.
    """
    given = {one.line: one for one in verdict.lines}
    lines = {line.pk: line for line in claim.lines.all()}
    if set(given) != set(lines) or len(given) != len(verdict.lines):
        raise Contradicting("the decision must name every line of the claim once")
    if len({one.currency for one in verdict.lines if one.granted}) > 1:
        raise Contradicting("the lines are granted in several currencies, and a payment is in one")
    for key, one in given.items():
        _take_rate(lines[key], one, verdict.source)
    said = [Said(str(key), in_plan_currency(lines[key]), one.granted, one.reasons) for key, one in given.items()]
    if problem := contradiction(verdict.outcome, said, is_by_rules=verdict.source in ("rules", "desk")):
        raise Contradicting(problem)
    return [(lines[key], one) for key, one in given.items()]


def _take_rate(line: Line, given: LineDecision, source: str) -> None:
    if given.rate is not None and given.rate <= 0:
        raise Contradicting(f"line {line.pk}: a rate is more than zero")
    if given.rate not in (None, 1) and line.currency in ("", given.currency):
        raise Contradicting(f"line {line.pk} is in {given.currency}: it needs no rate")
    if given.rate not in (None, line.rate):
        line.rate, line.rate_source = given.rate, source
        line.save(update_fields=["rate", "rate_source"])
    if line.rate is None and line.currency not in ("", given.currency):
        raise Contradicting(f"line {line.pk} is in {line.currency}: a rate is needed")


def _decided_line(
    decision: Decision, line: Line, given: LineDecision, computed: Computed, lowered_for: str
) -> DecidedLine:
    """The row of a line, explained with what our rules know about it."""
    ours, version = computed.line(line.pk), computed.versions.get(str(line.pk))
    billed = in_plan_currency(line)
    own_share = billed - given.granted
    excess = own_share if given.reasons == ("excess",) else Decimal(0)
    if ours is not None and is_ours(given.granted, given.reasons, ours):
        excess = ours.excess_borne
    document = version.document if version is not None else None
    return DecidedLine(
        decision=decision,
        line=line,
        billed=billed,
        granted=given.granted,
        own_share=own_share,
        excess=excess,
        currency=given.currency,
        plan=name_of(version),
        plan_version=version,
        cuts=given_cuts(given.granted, own_share, given.reasons, ours, document, lowered_for=lowered_for),
    )


def in_plan_currency(line: Line) -> Decimal:
    """The sum of a line in the plan's currency, rounded half up. Raises Contradicting if no sum can be stored."""
    if line.amount is None:
        raise Contradicting(f"line {line.pk} has no amount")
    sum_in_plan = line.amount * (line.rate or 1)
    if sum_in_plan >= _LARGEST:
        raise Contradicting(f"line {line.pk} is too large at this rate")
    return sum_in_plan.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _digest(verdict: Verdict) -> str:
    text = json.dumps(asdict(verdict), sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
