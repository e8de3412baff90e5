"""The JSON shapes of claims. Sums are decimal strings with two decimals; texts are in the language of the request."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from ninja import Schema
from pydantic import Field, create_model

from mypolis.foundation.journeys.schemas import ProblemDoc
from mypolis.insurance.claims.drafts.fields import Section
from mypolis.insurance.claims.lifecycle.states import Action, State

type Day = date
SUM = Field(None, examples=["120000.00"])


class ForWhomDoc(Schema):
    """Who was treated, and under which cover."""

    membership: str
    name: str
    policy_number: str
    participant_number: str


class ReasonDoc(Schema):
    """Why a part of a line is not paid. `amount` is null if a core system gave several reasons without their sums."""

    code: str = Field(examples=["copayment"])
    text: str
    amount: str | None = Field(examples=["30000.00"])


class ClaimLineDoc(Schema):
    """One bill. `amount` is in the bill's `currency`; `granted` and `own_share` are in the plan's currency.

    `granted`, `own_share` and `reasons` are null before a decision.
    """

    id: str
    date: Day | None
    until: Day | None
    benefit: str
    text: str
    number: str
    count: int
    same_case_as: str | None
    in_network: bool | None
    amount: str | None = SUM
    currency: str | None
    granted: str | None = SUM
    own_share: str | None = SUM
    reasons: list[ReasonDoc] | None


class FileDoc(Schema):
    """A received file. `size` and `sha256` are of the bytes received.

    `reason` is a code that says why it was refused, `reason_text` says it to the member, and what to do.
    """

    id: str
    name: str
    size: int
    sha256: str
    pages: int | None
    state: Literal["checking", "clean", "refused"]
    reason: str | None
    reason_text: str | None


class PaperDoc(Schema):
    """A paper of the claim, with its files. A claim cannot be sent without its `required` papers."""

    kind: str
    name: str
    required: bool
    files: list[FileDoc]


class MissingDoc(Schema):
    """What keeps a draft from being sent; `field` is the name of a member of the claim, or `documents.<kind>`."""

    field: str
    text: str


class EstimateDoc(Schema):
    """What the plan would pay if the claim were decided now, and what the member would pay. Null after a decision."""

    granted: str
    own_share: str
    currency: str


class PayToDoc(Schema):
    """The bank account to which the claim is paid, masked."""

    id: str
    kind: Literal["iban", "rs", "ru", "id"]
    shown: str = Field(examples=["•••• 1234"])


class RequestDoc(Schema):
    """A question to the member. `document` is the kind of the paper that is wanted, if it is one.

    `files` are the ids of those files of the claim that came with the answer.
    """

    id: str
    text: str
    answered: bool
    document: str | None
    files: list[str]


class AppealDoc(Schema):
    """The member's last appeal. `files` are the ids of those files of the claim that were added for it."""

    text: str
    at: datetime
    files: list[str]


class ClaimPaymentDoc(Schema):
    """The last transfer; once it is paid, all that was paid. `at` is the bank's time, `reason` says why it failed."""

    state: Literal["to_be_paid", "paid", "failed"]
    at: datetime | None
    amount: str
    currency: str
    reason: str | None


class HappenedDoc(Schema):
    """Something that happened to the claim; `kind` is the state that it went to.

    `by` is the name of the member who did it, if that is not the reader: a proxy, or a parent.
    """

    at: datetime
    kind: State
    text: str
    by: str | None


class NextDoc(Schema):
    """What comes next, and by which day if that is promised."""

    text: str
    by: date | None


class ClaimChoiceDoc(Schema):
    """A value of a field, and what it is called."""

    value: str
    label: str


class ClaimFieldDoc(Schema):
    """A field of a draft. `name` is a member of the claim, or of its `details` if `in_details`."""

    name: str
    type: Literal["text", "long-text", "date", "choice", "lines"]
    label: str
    help: str
    required: bool
    in_details: bool
    max_length: int | None
    choices: list[ClaimChoiceDoc] | None


class SectionDoc(Schema):
    """A part of a draft, in the order in which to ask."""

    name: Section
    fields: list[ClaimFieldDoc]


class ClinicBillAnswerDoc(Schema):
    """What the member said about a clinic's bill: was this you? Both are null until they say something."""

    is_mine: bool | None
    at: datetime | None


class EnteredDoc(Schema):
    """How a claim came that a colleague of the insurer entered in the member's place, and on which day."""

    by: Literal["phone", "post", "person"]
    day: Day


class _ClaimDoc(Schema):
    """A claim as a member sees it. `version` is the ETag, too: send it in `If-Match` to save.

    `number` is null until the claim is sent; `payment` is null before something is to be paid. `details` are answers
    that the kind of insurance adds; `sections` describes all fields of a draft and is null otherwise, and in lists.
    A claim whose `origin` is `clinic` is treatment that a clinic billed directly: only such a claim has `clinic_bill`.
    `entered` is null for a claim that its member sent.
    `limits_as_of` is set where the insurer's core system records what was used of limits: it reported until then.
    """

    id: str
    number: str | None = Field(examples=["C-2026-000123"])
    version: int
    state: State
    origin: Literal["member", "clinic"]
    clinic_bill: ClinicBillAnswerDoc | None
    entered: EnteredDoc | None
    benefit: str
    treated_on: date | None
    until: date | None
    provider: str
    diagnosis: str
    details: dict[str, str]
    lines: list[ClaimLineDoc]
    documents: list[PaperDoc]
    missing: list[MissingDoc]
    estimate: EstimateDoc | None
    pay_to: PayToDoc | None
    requests: list[RequestDoc]
    appeal: AppealDoc | None
    payment: ClaimPaymentDoc | None
    timeline: list[HappenedDoc]
    next: NextDoc | None
    can: list[Action]
    sections: list[SectionDoc] | None
    limits_as_of: datetime | None


if TYPE_CHECKING:
    ClaimDoc = _ClaimDoc
else:  # "for" is no name in Python
    ClaimDoc = create_model("ClaimDoc", __base__=_ClaimDoc, __doc__=_ClaimDoc.__doc__, **{"for": (ForWhomDoc, ...)})


class ClaimsDoc(Schema):
    """A page of claims, newest first. `next` is the value of `after` for the following page; null on the last one."""

    claims: list[ClaimDoc]
    next: str | None


class ClaimProblemDoc(ProblemDoc):
    """A refusal. 412 has the newer document in `claim`; 409 says in `can` what is possible; 422 may say `missing`."""

    claim: ClaimDoc | None = None
    can: list[Action] = []
    missing: list[MissingDoc] = []


class ExplainedLineDoc(Schema):
    """What was decided about one bill, in the plan's currency: granted plus own share is what was billed."""

    line: str
    date: Day | None
    benefit: str
    text: str
    billed: str
    granted: str
    own_share: str
    reasons: list[ReasonDoc]
    plan: str


class ExplanationDoc(Schema):
    """The explanation of benefits: what a decision says, line by line, and until when it can be appealed."""

    number: str
    outcome: Literal["approved", "partly_approved", "rejected"]
    decided_at: datetime
    appeal_until: date | None
    currency: str
    billed: str
    granted: str
    own_share: str
    lines: list[ExplainedLineDoc]
    payment: ClaimPaymentDoc | None
