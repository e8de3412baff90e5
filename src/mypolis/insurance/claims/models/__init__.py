"""The tables of claims."""

from mypolis.insurance.claims.models.claim import (
    BILL_DIGEST,
    Appeal,
    Claim,
    ClaimQuerySet,
    DecidedLine,
    Decision,
    Line,
    Payment,
    Question,
    StateChange,
    day_of,
)
from mypolis.insurance.claims.models.payment_runs import FileFetch, PaymentRun, RunLine
from mypolis.insurance.claims.models.reports import ClinicBill, ClinicBillAnswer, CoreReport

__all__ = [
    "BILL_DIGEST",
    "Appeal",
    "Claim",
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
    "day_of",
]
