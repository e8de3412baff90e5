"""The tables of claims."""

from mypolis.insurance.claims.models.claim import (
    BILL_DIGEST,
    PROVIDER_DIGEST,
    Appeal,
    Claim,
    ClaimQuerySet,
    DecidedLine,
    Decision,
    Line,
    Payment,
    day_of,
)
from mypolis.insurance.claims.models.desk_work import AssessmentDraft, ClaimInHand, WaitingDecision
from mypolis.insurance.claims.models.following import Question, StateChange
from mypolis.insurance.claims.models.payment_runs import FileFetch, PaymentRun, RunLine
from mypolis.insurance.claims.models.reports import ClinicBill, ClinicBillAnswer, CoreReport

__all__ = [
    "BILL_DIGEST",
    "PROVIDER_DIGEST",
    "Appeal",
    "AssessmentDraft",
    "Claim",
    "ClaimInHand",
    "ClaimQuerySet",
    "ClinicBill",
    "ClinicBillAnswer",
    "CoreReport",
    "DecidedLine",
    "Decision",
    "FileFetch",
    "Line",
    "Payment",
    "PaymentRun",
    "Question",
    "RunLine",
    "StateChange",
    "WaitingDecision",
    "day_of",
]
