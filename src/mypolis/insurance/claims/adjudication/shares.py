"""The member's shares of a bill: excess, then co-payment, then the share outside the network."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from mypolis.insurance.claims.adjudication.days import CENT
from mypolis.insurance.claims.adjudication.lines import ClaimLine, ExcessBucket, Fact
from mypolis.insurance.coverage.ledger.arithmetic import ZERO
from mypolis.insurance.coverage.plan_books.plan import Benefit, Copayment, Excess, PlanDocument

_ALL = Decimal(100)


@dataclass(frozen=True)
class Terms:
    """What a plan says on a day about the member's shares; days with equal terms are computed together.

    `share` is the percentage that the plan pays of what is left after excess and co-payment.
    """

    excess: Excess | None
    bucket: ExcessBucket | None
    copayment: Copayment | None
    share: Decimal


@dataclass(frozen=True)
class Share:
    """A share of the member: the code of its reason, its sum, and facts for its sentence."""

    code: str
    amount: Decimal
    facts: dict[str, Fact]


def share_of(plan: PlanDocument, benefit: Benefit, line: ClaimLine) -> Decimal | None:
    """The percentage that the plan pays for this provider; None if it pays nothing outside the network."""
    if line.in_network or not pays_less_outside(plan, benefit):
        return _ALL
    return benefit.reimbursement


def pays_less_outside(plan: PlanDocument, benefit: Benefit) -> bool:
    """Whether it matters for a benefit that a provider is outside the plan's network.

    A plan without a network has no outside: without a percentage for it, it pays everything.
    """
    return any(part is not None for part in (benefit.reimbursement, benefit.network, plan.network))


def terms_of(plan: PlanDocument, benefit: Benefit, line: ClaimLine, year: date) -> Terms:
    """The terms for a day whose year of limits begins on `year`."""
    bucket = None
    if benefit.excess is not None:
        alone = f"line {line.key}"
        bucket = ExcessBucket.of(
            benefit.key, benefit.excess, year=year, case=line.case or alone, visit=line.visit or alone
        )
    return Terms(benefit.excess, bucket, benefit.copayment, share_of(plan, benefit, line) or ZERO)


def shares_of(rest: Decimal, terms: Terms, *, borne: Decimal, copaid: Decimal) -> Iterator[Share]:
    """The member's shares of a sum, in order.

    `borne` is what the excess's bucket contains, `copaid` what earlier lines of the same bill took of the cap.
    """
    if terms.excess is not None:
        still_open = max(ZERO, terms.excess.amount - borne)
        amount = min(rest, still_open)
        facts: dict[str, Fact] = {"amount": str(terms.excess.amount), "borne": str(amount), "variant": terms.excess.per}
        yield Share("excess", amount, facts)
        rest -= amount
    if terms.copayment is not None:
        amount, cap = _part(rest, terms.copayment.percent), terms.copayment.cap
        facts = {"percent": str(terms.copayment.percent)}
        if cap is not None:
            amount = min(amount, max(ZERO, cap - copaid))
            facts["cap"] = str(cap)
        yield Share("copayment", amount, facts)
        rest -= amount
    paid = _part(rest, terms.share)
    yield Share("share", rest - paid, {"percent": str(terms.share)})


def _part(amount: Decimal, percent: Decimal) -> Decimal:
    """A percentage of an amount, rounded half up, and never more than the amount."""
    return min(amount, (amount * percent / _ALL).quantize(CENT, ROUND_HALF_UP))
