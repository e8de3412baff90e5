"""The shapes of cover in JSON. Sums are decimal strings in the plan's currency; texts are in the language asked for."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from ninja import Field, Schema

from mypolis.insurance.coverage.plan_books.vocabulary import Basis, BenefitType, Measure, Unit
from mypolis.insurance.emergencies.documents import UrgentDoc


class PolicyDoc(Schema):
    """A policy as one member stands on it; `id` is what its own address ends with."""

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
    """Where the plan may be used."""

    key: str
    name: str
    explanation: str


class PlanDoc(Schema):
    """What the plan is, in the words of the insurer."""

    key: str
    name: str
    product: str
    explanation: str
    currency: str
    network: NetworkDoc | None


class LimitDoc(Schema):
    """A limit and how it stands.

    `used`, `reserved` and `left` are null for limits that are whole each time: per case, visit, day, pregnancy, item.
    The one that `binds` ends first the next time; a `sum_insured` is paid when something happens and is not used up.
    `shared_with` are the other benefits that draw on it; `from` and `until` bound the year that counts now.
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
    """The member's share of each bill."""

    percent: Decimal
    cap: Decimal | None


class ExcessDoc(Schema):
    """What the member pays first."""

    amount: Decimal
    basis: Literal["year", "case", "visit"]


class DocumentDoc(Schema):
    """A paper that a claim needs."""

    key: str
    name: str


class BenefitDoc(Schema):
    """One benefit. `waits_until` is the first day on which it pays, when that is still to come."""

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
    documents: list[DocumentDoc]
    currency: str
    limits: list[LimitDoc]
    as_of: datetime


class PolicyCoverDoc(Schema):
    """A policy with its benefits; without a known plan `plan` is null and `message` says what to do."""

    policy: PolicyDoc
    plan: PlanDoc | None
    message: str | None
    as_of: datetime
    benefits: list[BenefitDoc]


class Question(Schema):
    """What somebody wants to know about, in a few words; in the body, since it may tell of an illness."""

    words: str = Field(max_length=4_000)


class FoundDoc(Schema):
    """A benefit that may be meant, and the answer for the member today.

    `policy` and `benefit` open it under `/policies/` and `/benefits/`; both are null where no policy has it. Where
    it is not `certain` that this was meant, do not show the verdict as a promise.
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
    """What the words may mean, likeliest first; `message` says what to do where they are not certain or mean nothing.

    `emergency` and `bereavement` are shown before all of it; nothing of them is kept.
    """

    found: list[FoundDoc]
    message: str | None
    emergency: UrgentDoc | None = None
    bereavement: UrgentDoc | None = None


class PaymentDoc(Schema):
    """One payment of the premium; `paid_on` once it came in."""

    due: date
    amount: Decimal
    currency: str
    paid_on: date | None
    state: Literal["paid", "due", "overdue"]


class PaymentsDoc(Schema):
    """The payments of the year of insurance that counts now, for the policyholder; empty where there are none."""

    payments: list[PaymentDoc]


class PolicyDocumentDoc(Schema):
    """A paper of the policy; `id` opens it under `/documents/`. `size` is in bytes."""

    id: str
    kind: Literal["contract", "rules", "programme", "receipt", "other"]
    kind_label: str
    name: str
    media_type: str
    size: int
    added_at: datetime


class PolicyDocumentsDoc(Schema):
    """The papers of a policy that the member may read, newest first."""

    documents: list[PolicyDocumentDoc]


class PoliciesDoc(Schema):
    """All of a member's policies: those of today first."""

    policies: list[PolicyDoc]


class CoverDoc(Schema):
    """What a member is covered for today, by policy."""

    covers: list[PolicyCoverDoc]
