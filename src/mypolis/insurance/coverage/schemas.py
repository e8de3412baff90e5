"""The JSON shapes of cover. Sums are decimal strings in the plan's currency; texts are in the requested language."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from ninja import Field, Schema

from mypolis.insurance.coverage.plan_books.vocabulary import Basis, BenefitType, Measure, Unit
from mypolis.insurance.emergencies.documents import UrgentDoc


class PolicyDoc(Schema):
    """A policy of one member; `id` is the last part of its URL."""

    id: str
    number: str
    type: str
    type_label: str
    employer: str
    participant_number: str
    relation: str
    plan: str
    product: str | None
    status: Literal["active", "future", "ended"]
    start: date
    end: date | None


class NetworkDoc(Schema):
    """A provider network in which the plan may be used."""

    key: str
    name: str
    explanation: str


class PlanDoc(Schema):
    """The plan in the insurer's words."""

    key: str
    name: str
    product: str
    explanation: str
    currency: str
    network: NetworkDoc | None


class LimitDoc(Schema):
    """A limit and its current usage.

    `used`, `reserved` and `left` are null for limits that start full each time: per case, visit, day, pregnancy or
    item. `binds` marks the limit that will be exhausted first. A `sum_insured` is paid when an event happens; it is
    not used up gradually. `shared_with` lists the other benefits that draw on it; `from` and `until` bound the current
    year.
    """

    key: str
    text: str
    measure: Measure
    unit: Unit | None
    basis: Basis
    size: Decimal
    used: Decimal | None
    reserved: Decimal | None
    left: Decimal | None
    left_text: str | None
    binds: bool
    sum_insured: bool
    shared_with: list[str]
    family: bool
    first_day: date | None
    last_day: date | None


class CopaymentDoc(Schema):
    """The percentage of each bill that the member pays."""

    percent: Decimal
    cap: Decimal | None


class ExcessDoc(Schema):
    """The first part of a cost, which the member pays."""

    amount: Decimal
    basis: Literal["year", "case", "visit"]


class BenefitDocumentDoc(Schema):
    """A document that a claim needs."""

    key: str
    name: str


class BenefitDoc(Schema):
    """One benefit. `waits_until` is the first day on which it pays, if that day is in the future."""

    key: str
    policy: str
    type: BenefitType
    type_label: str
    name: str
    explanation: str
    what_to_do: str
    exclusions: str | None
    waiting_days: int
    waits_until: date | None
    copayment: CopaymentDoc | None
    excess: ExcessDoc | None
    reimbursement: Decimal | None
    needs_approval: bool
    network: NetworkDoc | None
    documents: list[BenefitDocumentDoc]
    currency: str
    limits: list[LimitDoc]
    as_of: datetime


class PolicyCoverDoc(Schema):
    """A policy with its benefits. If the plan is unknown, `plan` is null and `message` says what to do."""

    policy: PolicyDoc
    plan: PlanDoc | None
    message: str | None
    as_of: datetime
    benefits: list[BenefitDoc]


class Question(Schema):
    """What the member asks about, in a few words. It is in the body, not the URL, since it may reveal an illness."""

    words: str = Field(max_length=4_000)


class FoundDoc(Schema):
    """A benefit that may match, and the answer for the member today.

    `policy` and `benefit` open it under `/policies/` and `/benefits/`; both are null if no policy has it. If `certain`
    is false, do not show the verdict as a promise.
    """

    policy: str | None
    benefit: str | None
    name: str
    explanation: str
    verdict: Literal["covered", "waiting", "used_up", "future", "ended", "excluded", "not_in_plan"]
    certain: bool
    title: str
    text: str


class AnswersDoc(Schema):
    """The possible matches, most likely first; `message` says what to do when they are uncertain or there are none.

    Show `emergency` and `bereavement` before everything else; neither is stored.
    """

    found: list[FoundDoc]
    message: str | None
    emergency: UrgentDoc | None = None
    bereavement: UrgentDoc | None = None


class PaymentDoc(Schema):
    """One premium payment; `paid_on` is set once it was received."""

    due: date
    amount: Decimal
    currency: str
    paid_on: date | None
    state: Literal["paid", "due", "overdue"]


class PaymentsDoc(Schema):
    """The payments of the current insurance year, for the policyholder; empty if there are none."""

    payments: list[PaymentDoc]


class PolicyDocumentDoc(Schema):
    """A document of the policy; `id` opens it under `/documents/`. `size` is in bytes."""

    id: str
    kind: Literal["contract", "rules", "programme", "receipt", "other"]
    kind_label: str
    name: str
    media_type: str
    size: int
    added_at: datetime


class PolicyDocumentsDoc(Schema):
    """The documents of a policy that the member may read, newest first."""

    documents: list[PolicyDocumentDoc]


class PoliciesDoc(Schema):
    """All policies of a member, the current ones first."""

    policies: list[PolicyDoc]


class CoverDoc(Schema):
    """What a member is covered for today, by policy."""

    covers: list[PolicyCoverDoc]
