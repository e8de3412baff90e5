"""What adjudication reads and what it returns. All sums are in the plan's currency, with at most two decimals."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from mypolis.insurance.coverage.ledger.arithmetic import ZERO, Ask, Grant, Taken
from mypolis.insurance.coverage.plan_books.plan import Excess, Limit, PlanDocument, Text

type Fact = str | int | Text
type Facts = Mapping[str, Fact]
"""Values for the sentence of a reason, ready for JSON: sums and percentages as text, days as ISO dates."""


@dataclass(frozen=True)
class Deduction:
    """A part of a bill that an assessor takes off: `code` is one of `reasons.DEDUCTIONS`."""

    code: str
    amount: Decimal
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True)
class Refusal:
    """An assessor's refusal of a whole line: `code` is one of `reasons.REFUSALS`."""

    code: str
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ClaimLine:
    """One line of a bill. `key` is its stored id, and `number` the bill's.

    `amount` is None while a foreign bill has no rate. `day` to `until` are the days of treatment, both included.
    `count` is in the benefit's unit. Lines with the same `visit`, `case` or `pregnancy` add up in limits per visit,
    case or pregnancy; a line without a key adds up with no other. `in_network` is None while nobody knows, which counts
    as outside. Raises ValueError if `until` is before `day`, or a count or deduction is negative.
    """

    key: str
    day: date
    benefit: str
    amount: Decimal | None
    until: date | None = None
    number: str = ""
    count: int = 1
    visit: str = ""
    case: str = ""
    pregnancy: str = ""
    in_network: bool | None = None
    provider: str = ""
    benefit_name: Text = field(default_factory=dict)
    deductions: tuple[Deduction, ...] = ()
    refusal: Refusal | None = None

    def __post_init__(self) -> None:
        if self.until is not None and self.until < self.day:
            raise ValueError("the last day of treatment is before the first")
        if self.count < 0 or any(one.amount < 0 for one in self.deductions):
            raise ValueError("a count or deduction is negative")

    @property
    def last_day(self) -> date:
        """The last day of treatment."""
        return self.until or self.day


@dataclass(frozen=True)
class ExcessBucket:
    """The bills that share one excess of a benefit: those of a year (`key` is its first day), case or visit."""

    benefit: str
    per: str
    key: str

    @classmethod
    def of(cls, benefit: str, excess: Excess, *, year: date, case: str, visit: str) -> "ExcessBucket":
        """The bucket of a bill; its `key` is empty for a bill without a case or visit."""
        return cls(benefit, excess.per, {"year": year.isoformat(), "case": case, "visit": visit}[excess.per])


@dataclass(frozen=True, kw_only=True)
class Situation:
    """Everything else that a decision depends on.

    `member` is the membership's key, covered from `start` to `end`; `policy_start` begins the years of plans that count
    by the policy. `plan_on` returns the plan of a day, None if it is unknown. `taken` returns what a limit's bucket
    for an ask contains without this claim; `borne` the same for an excess. `sent_on` is the day on which the claim was
    sent; treatment may lie at most `filing_days` before.
    """

    member: int
    start: date
    end: date | None
    policy_start: date
    plan_on: Callable[[date], PlanDocument | None]
    taken: Callable[[Limit, Ask], Taken]
    borne: Callable[[ExcessBucket], Decimal]
    sent_on: date
    filing_days: int


@dataclass(frozen=True)
class Cut:
    """A part of a bill that is not paid: the code of its reason, its sum, and the facts for its sentence."""

    code: str
    amount: Decimal
    facts: Facts


@dataclass(frozen=True)
class AskedDay:
    """What the ledger records for one day of a line: what is asked of the limits, and what they grant."""

    ask: Ask
    granted: Grant
    currency: str


@dataclass(frozen=True, kw_only=True)
class AdjudicatedLine:
    """A line as the rules decide it: granted + own = billed, and the cuts add up to own.

    `excess` is the part of the own share that counts as excess borne, by bucket. `questions` has what keeps us from
    deciding the line; while there is one, nothing of the line is granted or cut. `plan` is that of the first day for
    which something is paid, or None.
    """

    line: ClaimLine
    billed: Decimal
    granted: Decimal = ZERO
    cuts: tuple[Cut, ...] = ()
    excess: tuple[tuple[ExcessBucket, Decimal], ...] = ()
    days: tuple[AskedDay, ...] = ()
    questions: tuple[Cut, ...] = ()
    plan: PlanDocument | None = None

    @property
    def own(self) -> Decimal:
        """What the member pays; zero while there is a question."""
        return ZERO if self.questions else self.billed - self.granted

    @property
    def excess_borne(self) -> Decimal:
        """The whole excess in the line."""
        return sum((amount for _bucket, amount in self.excess), ZERO)
