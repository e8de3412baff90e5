"""A plan as it is kept: one frozen document per version, complete in itself, and read without another question.

`Text` maps language codes to sentences in every language of the market. Sums are in the plan's currency.
"""

from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict

from mypolis.insurance.coverage.plan_books.vocabulary import SUMS_INSURED, Basis, BenefitType, Measure, Unit

type Text = dict[str, str]


class Frozen(BaseModel):
    """Data that nothing changes, with no other members than these."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Network(Frozen):
    """A tier of providers whose bills the plan takes."""

    key: str
    name: Text
    explanation: Text


class Document(Frozen):
    """A paper that a claim needs."""

    key: str
    name: Text


class Copayment(Frozen):
    """The share of each bill that the member pays, in percent; no more than `cap` a bill where there is one."""

    percent: Decimal
    cap: Decimal | None = None


class Excess(Frozen):
    """The first part of a cost, which the member pays."""

    amount: Decimal
    per: Literal["year", "case", "visit"]


class Benefit(Frozen):
    """One thing that a plan pays for, and how.

    `waiting_days` count from the member's first day; `reimbursement` is the share, in percent, that comes back of
    a bill paid outside the network, None when nothing does; `words` are what people call it, `excluded_words` what they
    look for under it in vain.
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
    """The most that is paid for `benefits` together on a basis.

    `size` is a sum, a number of `unit`s, or a number of different days, as `measure` says. With `family` all
    members of a family draw on it together.
    """

    key: str
    benefits: tuple[str, ...]
    per: Basis
    measure: Measure
    size: Decimal
    unit: Unit | None = None
    family: bool = False


class PlanDocument(Frozen):
    """All of a plan in one version. `year` says when limits per year begin anew."""

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
        """The benefit with this key; None when the plan has none."""
        return next((benefit for benefit in self.benefits if benefit.key == key), None)

    def limits_on(self, benefit: str) -> tuple[Limit, ...]:
        """The limits that a benefit draws on, in the plan's order."""
        return tuple(limit for limit in self.limits if benefit in limit.benefits)

    def is_sum_insured(self, limit: Limit) -> bool:
        """Whether a limit is the sum that is paid when something happens, not a budget that people use up."""
        types = {benefit.type for key in limit.benefits if (benefit := self.benefit(key)) is not None}
        return limit.measure == "amount" and (limit.per == "lifetime" or bool(types & SUMS_INSURED))

    @property
    def has_family_limits(self) -> bool:
        """Whether members of a family draw on anything together."""
        return any(limit.family for limit in self.limits)
