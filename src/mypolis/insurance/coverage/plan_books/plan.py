"""A stored plan: one immutable document per version, self-contained and loaded without an extra query.

`Text` maps language codes to texts, in every language of the market. Sums are in the plan's currency.
"""

from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict

from mypolis.insurance.coverage.plan_books.vocabulary import SUMS_INSURED, Basis, BenefitType, Measure, Unit

type Text = dict[str, str]


class Frozen(BaseModel):
    """Immutable data without extra fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Network(Frozen):
    """A tier of the provider network that the plan accepts bills from."""

    key: str
    name: Text
    explanation: Text


class Document(Frozen):
    """A document that a claim needs. A claim in the portal replaces a `replaced` one, such as a claim form."""

    key: str
    name: Text
    replaced: bool = False


class Copayment(Frozen):
    """The percentage of each bill that the member pays, at most `cap` per bill if it is set."""

    percent: Decimal
    cap: Decimal | None = None


class Excess(Frozen):
    """The first part of a cost, which the member pays."""

    amount: Decimal
    per: Literal["year", "case", "visit"]


class Benefit(Frozen):
    """One thing that a plan pays for, and how.

    `waiting_days` count from the member's first day. `reimbursement` is the percentage repaid for a bill from outside
    the network, None if nothing is. `words` are what people call the benefit; `excluded_words` are what they search
    for but the benefit does not include.
    """

    key: str
    type: BenefitType
    name: Text
    explanation: Text
    what_to_do: Text
    exclusions: Text | None = None
    words: dict[str, tuple[str, ...]] = {}
    excluded_words: dict[str, tuple[str, ...]] = {}
    waiting_days: int = 0
    copayment: Copayment | None = None
    excess: Excess | None = None
    reimbursement: Decimal | None = None
    needs_approval: bool = False
    network: Network | None = None
    documents: tuple[Document, ...] = ()


class Limit(Frozen):
    """The most that is paid for `benefits` together in one year, visit or other basis (`per`).

    `size` is a sum, a number of `unit`s, or a number of different days, according to `measure`. If `family` is true,
    all members of a family share it.
    """

    key: str
    benefits: tuple[str, ...]
    per: Basis
    measure: Measure
    size: Decimal
    unit: Unit | None = None
    family: bool = False


class PlanDocument(Frozen):
    """The content of a plan in one version. `year` says when yearly limits restart."""

    market: str
    product: str
    product_name: Text
    key: str
    name: Text
    explanation: Text
    currency: str
    year: Literal["calendar", "policy"]
    network: Network | None = None
    benefits: tuple[Benefit, ...]
    limits: tuple[Limit, ...]

    def benefit(self, key: str) -> Benefit | None:
        """The benefit with this key; None if the plan does not have it."""
        return next((benefit for benefit in self.benefits if benefit.key == key), None)

    def limits_on(self, benefit: str) -> tuple[Limit, ...]:
        """The limits that apply to a benefit, in the plan's order."""
        return tuple(limit for limit in self.limits if benefit in limit.benefits)

    def is_sum_insured(self, limit: Limit) -> bool:
        """Whether a limit is a sum paid when an event happens, and not a budget that is used up."""
        types = {benefit.type for key in limit.benefits if (benefit := self.benefit(key)) is not None}
        return limit.measure == "amount" and (limit.per == "lifetime" or bool(types & SUMS_INSURED))

    @property
    def has_family_limits(self) -> bool:
        """Whether any limit is shared by a family."""
        return any(limit.family for limit in self.limits)
