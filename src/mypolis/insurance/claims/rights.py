"""The rights to claims that a partner's program can have."""

from mypolis.foundation.rooms import Right

CLAIMS = Right("claims", "read sent claims with their files", frozenset({"partner"}))
CLAIM_DECISIONS = Right("claim-decisions", "decide claims, ask members, report payments", frozenset({"partner"}))
CLINIC_BILLS = Right("clinic-bills", "send bills that clinics sent directly", frozenset({"partner"}))
