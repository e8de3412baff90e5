"""The rights to claims that a partner's program or a member of staff can have."""

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation.trans_null import gettext_noop

from mypolis.foundation.rooms import Right
from mypolis.foundation.rooms.declared import Holder

CLAIMS = Right("claims", gettext_noop("read sent claims with their files"), frozenset({"partner"}))
CLAIM_DECISIONS = Right(
    "claim-decisions", gettext_noop("decide claims, ask members, report payments"), frozenset({"partner"})
)
CLINIC_BILLS = Right("clinic-bills", gettext_noop("send bills that clinics sent directly"), frozenset({"partner"}))
_STAFF: Final[frozenset[Holder]] = frozenset({"staff"})
PAYMENT_RUNS = Right(
    "payment-runs",
    _("see payment runs: totals, claims by number, accounts masked"),
    frozenset({"staff"}),
    frozenset({"operator", "senior-assessor", "administrator"}),
)
PAYMENT_FILES = Right(
    "payment-files",
    _("make payment runs, fetch their files, import the bank’s results"),
    frozenset({"staff"}),
    frozenset({"operator"}),
    fresh=True,
)
PAYMENT_SIGNATURES = Right(
    "payment-signatures",
    _("sign count and totals of payment runs that somebody else made"),
    frozenset({"staff"}),
    frozenset({"senior-assessor", "administrator"}),
    fresh=True,
    four_eyes=True,
)

CLAIM_QUEUE = Right(
    "claim-queue",
    _("see which claims wait, for whom and until when"),
    _STAFF,
    frozenset({"assessor", "senior-assessor"}),
)
ASSESS_CLAIMS = Right(
    "assess-claims",
    _("take, assess and decide claims up to a sum"),
    _STAFF,
    frozenset({"assessor", "senior-assessor"}),
    shows_health=True,
)
REVIEW_ASSESSMENTS = Right(
    "review-assessments",
    _("confirm or send back what somebody else assessed"),
    _STAFF,
    frozenset({"senior-assessor"}),
    shows_health=True,
)
ENTER_CLAIMS = Right(
    "enter-claims",
    _("enter claims that came by phone, by post or in the office"),
    _STAFF,
    frozenset({"operator"}),
)
"""Without `shows_health`: the page shows what was typed on it until it is sent, and nothing that is on file."""
HAND_OVER_CLAIMS = Right(
    "hand-over-claims", _("give a claim that one colleague has to another"), _STAFF, frozenset({"senior-assessor"})
)
