"""The rights to claims that a partner's program or a member of staff can have."""

from mypolis.foundation.rooms import Right

CLAIMS = Right("claims", "read sent claims with their files", frozenset({"partner"}))
CLAIM_DECISIONS = Right("claim-decisions", "decide claims, ask members, report payments", frozenset({"partner"}))
CLINIC_BILLS = Right("clinic-bills", "send bills that clinics sent directly", frozenset({"partner"}))
PAYMENT_RUNS = Right(
    "payment-runs",
    "see payment runs: totals, claims by number, accounts masked",
    frozenset({"staff"}),
    frozenset({"operator", "senior-assessor", "administrator"}),
)
PAYMENT_FILES = Right(
    "payment-files",
    "make payment runs, fetch their files, import the bank's results",
    frozenset({"staff"}),
    frozenset({"operator"}),
    fresh=True,
)
PAYMENT_SIGNATURES = Right(
    "payment-signatures",
    "sign count and totals of payment runs that somebody else made",
    frozenset({"staff"}),
    frozenset({"senior-assessor", "administrator"}),
    fresh=True,
    four_eyes=True,
)
