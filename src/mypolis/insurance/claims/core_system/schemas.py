"""The JSON shapes of claims for the core system, and of what it sends. Sums are strings with two decimals."""

import re
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import BeforeValidator, Field

from mypolis.foundation.journeys.schemas import Strict
from mypolis.foundation.lib.dates import parse_moment
from mypolis.insurance.claims.as_json.bodies import Count
from mypolis.insurance.claims.as_json.schemas import AppealDoc, FileDoc
from mypolis.insurance.claims.lifecycle.states import State

type Day = date

MOST_LINES = 200
_YEARS = range(1900, 2200)  # far from both ends, so that days can be counted from it
_SUM = {"pattern": r"^[0-9]{1,12}(\.[0-9]{1,2})?$", "max_length": 15}


def _moment(value: object) -> datetime:
    if not isinstance(value, str):
        raise ValueError("no text")
    return parse_moment(value)


def _day(value: object) -> date:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError("not YYYY-MM-DD")
    day = date.fromisoformat(value)
    if day.year not in _YEARS:
        raise ValueError("not plausible")
    return day


type Moment = Annotated[datetime, BeforeValidator(_moment)]
type TreatedOn = Annotated[date, BeforeValidator(_day), Field(examples=["2026-11-20"])]
type Id = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[!-~]+$", examples=["core-812"])]
type Sum = Annotated[str, Field(examples=["120000.00"], **_SUM)]


class InsuredDoc(Schema):
    """Who was treated, under which cover. `membership` is the key of the cover here."""

    membership: str
    policy_type: str
    policy_number: str
    participant_number: str
    employee_number: str
    name: str
    birth_date: date


class PayeeDoc(Schema):
    """The whole account to which the claim is to be paid. `is_new`: it was added in the last 14 days."""

    kind: Literal["iban", "rs", "ru", "id"]
    bank: str
    number: str
    holder: str
    is_new: bool


class CoreLineDoc(Schema):
    """One bill, as the member sent it, and what the decision that holds says about it."""

    id: str
    date: Day | None
    until: Day | None
    benefit: str
    text: str
    number: str
    count: int
    same_case_as: str | None = Field(description="The number of an earlier claim of the same stay or pregnancy.")
    in_network: bool | None
    amount: str | None
    currency: str | None
    granted: str | None
    own_share: str | None
    reasons: list[str] | None


class CoreFileDoc(FileDoc):
    """A file of the claim. Only a clean one can be fetched."""

    kind: str


class CoreQuestionDoc(Schema):
    """A question to the member, and the answer. `id` is that of whoever asked, or empty. `cannot`: they lack it.

    `files` are the ids of those files of the claim that came with the answer.
    """

    id: str
    text: str
    asked_at: datetime
    answered_at: datetime | None
    answer: str
    cannot: bool
    files: list[str]


class CoreDecisionDoc(Schema):
    """The decision that holds. `id` is the core system's, or empty if somebody else decided."""

    id: str
    source: Literal["rules", "desk", "partner", "command"]
    outcome: Literal["approved", "partly_approved", "rejected"]
    at: datetime


class CorePaymentDoc(Schema):
    """The last transfer: what is on its way, or the bank's last result, with its whole sum."""

    state: Literal["to_be_paid", "paid", "failed"]
    at: datetime | None
    code: str
    amount: str
    currency: str


class CoreBillAnswerDoc(Schema):
    """What the member says about a clinic's bill. `is_mine` is false if they know nothing of the treatment."""

    is_mine: bool
    text: str
    at: datetime


class CoreClinicBillDoc(Schema):
    """A bill that a clinic sent directly. `id` is that of the program that sent it, or empty.

    `answer` is null until the member says whether the treatment was theirs; the last answer holds.
    """

    id: str
    answer: CoreBillAnswerDoc | None


class CoreClaimDoc(Schema):
    """A sent claim. `version` grows with every change. `for_whom` says who was treated.

    `clinic_bill` is null if `origin` is `member`.
    """

    number: str = Field(examples=["C-2026-000123"])
    id: str
    version: int
    state: State
    origin: Literal["member", "clinic"]
    clinic_bill: CoreClinicBillDoc | None
    for_whom: InsuredDoc
    benefit: str
    treated_on: date | None
    until: date | None
    provider: str
    diagnosis: str
    details: dict[str, str]
    lines: list[CoreLineDoc]
    files: list[CoreFileDoc]
    questions: list[CoreQuestionDoc]
    pay_to: PayeeDoc | None
    decision: CoreDecisionDoc | None
    appeal: AppealDoc | None
    payment: CorePaymentDoc | None
    sent_at: datetime
    received_at: datetime | None
    promised_by: date | None
    changed_at: datetime


class CoreClaimsDoc(Schema):
    """Some changed claims, the earliest change first. Send `next` as `changed_after` to go on, now or later.

    `is_last`: there was nothing more. A claim comes again after each change, so compare `version`.
    """

    claims: list[CoreClaimDoc]
    next: str
    is_last: bool


class LineDecisionBody(Strict):
    """What was decided about a line, in the plan's currency. A line that is not paid in full has `reasons`.

    `rate` turns a bill in another currency into the plan's.
    """

    line: UUID
    granted: Sum
    reasons: list[Annotated[str, Field(max_length=24)]] = Field([], max_length=20, examples=[["copayment"]])
    rate: Annotated[str, Field(pattern=r"^[0-9]{1,8}(\.[0-9]{1,8})?$", max_length=17)] | None = None


class PaymentResult(Strict):
    """What became of the payment; `code` says why it failed."""

    state: Literal["to_be_paid", "paid", "failed"]
    at: Moment | None = Field(None, examples=["2026-12-01T09:00:00+07:00"])
    code: str | None = Field(None, max_length=24, examples=["account_closed"])
    amount: Sum | None = None
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None


class DecisionBody(Strict):
    """A decision with all lines of the claim, and what became of the payment, if that is known.

    A later message with the same outcome and lines, under a new id, reports only the payment.
    """

    id: Id
    at: Moment = Field(examples=["2026-11-30T14:00:00+07:00"])
    outcome: Literal["approved", "partly_approved", "rejected"]
    lines: list[LineDecisionBody] = Field(min_length=1, max_length=MOST_LINES)
    payment: PaymentResult | None = None


class DecisionDoc(Schema):
    """What came of a message; sending it again gives the same answer.

    `decided`: this decision holds now. `paid`: it had news about the payment. `unchanged`: it said nothing new.
    `older`: a newer decision had come before, so it changed nothing.
    """

    number: str
    id: str
    came_to: Literal["decided", "paid", "unchanged", "older"]
    recorded_at: datetime


class QuestionBody(Strict):
    """A question to the member, in their language. `document` is the kind of a paper that is wanted."""

    id: Id
    text: str = Field(min_length=1, max_length=2_000, examples=["Please send the report of the visit."])
    document: str | None = Field(None, max_length=40, examples=["report"])


class QuestionDoc(Schema):
    """The question; sending it again gives the same answer."""

    number: str
    id: str
    asked_at: datetime


class ClinicBillLine(Strict):
    """A line of a clinic's bill; `date` to `until` are days of treatment. `benefit` is a key of the member's plan."""

    date: TreatedOn
    until: TreatedOn | None = None
    benefit: str = Field(min_length=1, max_length=40, examples=["gp"])
    text: str = Field("", max_length=200)
    number: str = Field("", max_length=60, description="The number on the clinic's bill.")
    count: Count = 1
    amount: Sum
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$", examples=["IDR"])]
    in_network: bool | None = None


class ClinicBillBody(Strict):
    """A bill that a clinic sent directly.

    Policy and member are named as in a feed of entries: by the policy's number and, if several people are on it, one
    of the member's numbers. `policy_type` is needed only where several policies have the same number.
    """

    id: Id
    policy_type: str = Field("", max_length=64)
    policy_number: str = Field(min_length=1, max_length=64, examples=["GRP-88"])
    participant_number: str = Field("", max_length=64, examples=["000123"])
    employee_number: str = Field("", max_length=64)
    national_id: str = Field("", max_length=64)
    provider: str = Field(min_length=1, max_length=200, examples=["Klinik Melati"])
    guarantee: str = Field("", max_length=20, description="The number of the guarantee letter that the bill settles.")
    is_last: bool = Field(False, description="Whether no other bill on this letter follows; the rest is released.")
    lines: list[ClinicBillLine] = Field(min_length=1, max_length=MOST_LINES)


class ClinicBillDoc(Schema):
    """The claim that was made of a clinic's bill; sending the bill again gives the same answer."""

    number: str
    id: str
    recorded_at: datetime


class DuplicateBody(Strict):
    """`of` is the number of the claim that goes on."""

    of: str = Field(min_length=1, max_length=20, examples=["C-2026-000120"])


class DuplicateDoc(Schema):
    """The claim that was closed, and the one that goes on; sending it again gives the same answer."""

    number: str
    of: str
    state: Literal["duplicate"]
