"""Decisions as the core system or an operator writes them, read into verdicts."""

from decimal import Decimal

from mypolis.insurance.claims.core_system.reports import Paid
from mypolis.insurance.claims.core_system.schemas import DecisionBody
from mypolis.insurance.claims.lifecycle.deciding import LineDecision, Source, Verdict
from mypolis.insurance.claims.models import Claim, Line
from mypolis.insurance.coverage.plan_books.plan_lookup import plan_on

_CENT = Decimal("0.01")


def verdict_of(body: DecisionBody, claim: Claim, source: Source) -> Verdict:
    """The verdict in a message. Sums are in the currency of the plan on the day of each line."""
    lines = {line.pk: line for line in claim.lines.all()}
    return Verdict(
        id=body.id,
        at=body.at,
        outcome=body.outcome,
        lines=tuple(
            LineDecision(
                line=one.line,
                granted=Decimal(one.granted).quantize(_CENT),
                currency=plan_currency(claim, lines.get(one.line)),
                reasons=tuple(one.reasons),
                rate=Decimal(one.rate) if one.rate is not None else None,
            )
            for one in body.lines
        ),
        source=source,
    )


def paid_of(body: DecisionBody) -> Paid | None:
    """What a message says about the payment; None if nothing."""
    said = body.payment
    if said is None:
        return None
    amount = Decimal(said.amount).quantize(_CENT) if said.amount is not None else None
    return Paid(state=said.state, at=said.at, code=said.code or "", amount=amount, currency=said.currency or "")


def plan_currency(claim: Claim, line: Line | None) -> str:
    """The currency of the plan on the day of a line; without a plan, that of the bill."""
    if line is None:
        return ""
    day = line.date or claim.treated_on
    plan = plan_on(claim.membership, day) if day is not None else None
    return plan.currency if plan is not None else line.currency
