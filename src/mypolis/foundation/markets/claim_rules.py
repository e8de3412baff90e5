"""How a market handles claims: its time limits, where it pays, and who records what was used."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from mypolis.foundation.markets.bank_profile import BankProfile
from mypolis.foundation.rooms import Role

type AccountKind = Literal["iban", "rs", "ru", "id"]
type Recorder = Literal["portal", "core"]
type DayKind = Literal["working", "calendar"]


@dataclass(frozen=True, kw_only=True)
class AutomaticApproval:
    """Small, clean claims that rules approve, at least in part, without a person; only people reject.

    A claim qualifies when all of its lines are of `benefits` and together at most `most` in the plan's currency. People
    check `sampled_percent` of such claims at random.
    """

    most: Decimal
    benefits: frozenset[str]
    sampled_percent: int = 5


@dataclass(frozen=True, kw_only=True)
class ClaimRules:
    """Time limits and choices for claims. All counts are calendar days unless a field says otherwise.

    `filing_days`: how long after treatment a claim may be sent. `decision_days`: the promised time from complete papers
    to the decision, in days of the kind `decision_in`. `payment_days`: from decision to payment. `answer_days`: how
    long we wait for an answer to our questions. `appeal_days`: how long a decision can be appealed. `draft_days`: how
    long an untouched draft is kept. `account_kinds`: bank accounts that we pay to. `recorded_by`: who writes what was
    used of limits; with "core" the portal only reserves, and the core system's feed reports the use. `bank` says what
    the bank takes in payment files; without it, another system pays. `str(originals)` tells members what to do with
    paper originals. `authority` is the largest sum, in the plan's currency, that a role grants without a second person;
    a role that is not named grants nothing alone. `holidays` and `holiday_categories` are arguments for the `holidays`
    package: a country, and what counts as a day off.
    """

    filing_days: int = 365
    decision_days: int = 15
    decision_in: DayKind = "working"
    payment_days: int = 30
    answer_days: int = 30
    appeal_days: int = 30
    draft_days: int = 90
    account_kinds: tuple[AccountKind, ...] = ("iban",)
    recorded_by: Recorder = "portal"
    automatic: AutomaticApproval | None = None
    bank: BankProfile | None = None
    originals: object = ""
    authority: Mapping[Role, Decimal] = field(default_factory=dict)
    holidays: str = ""
    holiday_categories: tuple[str, ...] = ("public",)
