"""What the rules would pay for a draft today, line by line, in words. The same rules decide later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from mypolis.foundation.lib.money import Money
from mypolis.insurance.claims.adjudication.lines import AdjudicatedLine
from mypolis.insurance.claims.adjudication.reasons import sentence
from mypolis.insurance.claims.decisions.ledger import estimate
from mypolis.insurance.claims.models import Claim


@dataclass(frozen=True)
class EstimatedLine:
    """A bill as the rules would decide it. While there is a question, nobody knows yet what is paid."""

    granted: Money | None
    own_share: Money | None
    reasons: Sequence[str]


@dataclass(frozen=True)
class Estimate:
    """All bills of a draft. `lines` are by the key of the bill.

    `granted` and `own_share` are sums over the bills without a question; `is_open` says whether any has one. `most` is
    what the plan pays if the providers turn out to be in its network; None if that makes no difference.
    """

    lines: Mapping[str, EstimatedLine]
    granted: Money
    own_share: Money
    is_open: bool
    most: Money | None

    @property
    def mark(self) -> str:
        """The result for a hidden field of the page, so that sending notices a change since the page was shown."""
        return f"{self.granted.amount} {self.own_share.amount} {self.granted.currency}"


def estimate_of(draft: Claim) -> Estimate | None:
    """The estimate; None if no bill can be decided yet, or no plan is known."""
    outcome = estimate(draft)
    if not outcome.lines or not outcome.currency:
        return None
    most = estimate(draft, assume_network=True).granted
    return Estimate(
        lines={line.line.key: _said(line, outcome.currency) for line in outcome.lines},
        granted=Money(outcome.granted, outcome.currency),
        own_share=Money(outcome.own_share, outcome.currency),
        is_open=not outcome.is_decided,
        most=Money(most, outcome.currency) if most > outcome.granted else None,
    )


def _said(line: AdjudicatedLine, currency: str) -> EstimatedLine:
    if line.questions:
        return EstimatedLine(None, None, [sentence(one.code, one.facts) for one in line.questions])
    return EstimatedLine(
        Money(line.granted, currency),
        Money(line.own, currency),
        [sentence(cut.code, cut.facts) for cut in line.cuts],
    )


def granted_in(mark: str) -> Money | None:
    """What the plan would have paid according to a mark; None if the text is no mark."""
    try:
        granted, _own, currency = mark.split(" ")
        return Money(Decimal(granted), currency)
    except (ValueError, InvalidOperation):
        return None
