"""What a draft asks: one description for pages and JSON, by the benefit's kind of insurance."""

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.markets.emergency import InsuredKind
from mypolis.insurance.coverage.plan_books.plan import Benefit
from mypolis.insurance.coverage.plan_books.vocabulary import BenefitType, insured_kind

type FieldKind = Literal["text", "long-text", "date"]
type Section = Literal["member", "treatment", "bills", "documents", "pay"]
SECTIONS: tuple[Section, ...] = ("member", "treatment", "bills", "documents", "pay")

STAYS = frozenset({BenefitType.INPATIENT, BenefitType.INTENSIVE_CARE, BenefitType.REHABILITATION})
"""Types of benefits that have a first and a last day."""


@dataclass(frozen=True, kw_only=True)
class DraftField:
    """A field of a draft. `name` is a field of `Claim`, or the key of one of its `details` if `in_details`.

    `most` is the highest number of characters.
    """

    name: str
    kind: FieldKind
    label: Promise
    help: Promise | str = ""
    required: bool = True
    in_details: bool = True
    most: int = 200


TREATED_ON = DraftField(
    name="treated_on", kind="date", label=_("Day of treatment"), help=_("As on the bill."), in_details=False
)
HAPPENED_ON = DraftField(name="treated_on", kind="date", label=_("Day on which it happened"), in_details=False)
FROM = DraftField(name="treated_on", kind="date", label=_("First day of the stay"), in_details=False)
UNTIL = DraftField(
    name="until", kind="date", label=_("Last day of the stay"), help=_("The day you went home."), in_details=False
)
PROVIDER = DraftField(
    name="provider",
    kind="text",
    label=_("Where you were treated"),
    help=_("The clinic, doctor or pharmacy, as on the bill."),
    in_details=False,
)
DIAGNOSIS = DraftField(
    name="diagnosis",
    kind="long-text",
    label=_("What was wrong"),
    help=_("In your own words, for example: a cough and fever for three days."),
    in_details=False,
    most=1_000,
)
WHERE = DraftField(name="where", kind="text", label=_("Where it happened"))
WHAT_HAPPENED = DraftField(
    name="what_happened",
    kind="long-text",
    label=_("What happened"),
    help=_("In your own words."),
    most=2_000,
)
COUNTRY = DraftField(name="country", kind="text", label=_("Country in which it happened"), most=80)
LEFT_ON = DraftField(name="left_on", kind="date", label=_("Day on which you set out"))
PLATE = DraftField(name="plate", kind="text", label=_("Number plate of your car"), most=20)
OTHER_PARTY = DraftField(
    name="other_party",
    kind="text",
    label=_("Who else was involved"),
    help=_("Name, number plate or insurer, as far as you know."),
    required=False,
)
POLICE_REPORT = DraftField(
    name="police_report", kind="text", label=_("Number of the police report"), required=False, most=60
)
RELATION = DraftField(
    name="relation", kind="text", label=_("Who you are to the insured person"), required=False, most=80
)

_OF_KIND: dict[InsuredKind, tuple[DraftField, ...]] = {
    "life": (HAPPENED_ON, WHERE, WHAT_HAPPENED, RELATION),
    "travel": (HAPPENED_ON, COUNTRY, LEFT_ON, WHAT_HAPPENED),
    "car": (HAPPENED_ON, PLATE, WHERE, WHAT_HAPPENED, OTHER_PARTY, POLICE_REPORT),
    "home": (HAPPENED_ON, WHERE, WHAT_HAPPENED, OTHER_PARTY, POLICE_REPORT),
}
_OF_TYPE: dict[BenefitType, tuple[DraftField, ...]] = {
    BenefitType.ACCIDENT: (HAPPENED_ON, WHERE, WHAT_HAPPENED, POLICE_REPORT),
}


def treatment_fields(benefit: Benefit) -> tuple[DraftField, ...]:
    """The fields of the section "treatment" for a benefit. Only health insurance asks for provider and diagnosis."""
    if benefit.type in _OF_TYPE:
        return _OF_TYPE[benefit.type]
    kind = insured_kind(benefit.type)
    if kind != "health":
        return _OF_KIND[kind]
    days = (FROM, UNTIL) if benefit.type in STAYS else (TREATED_ON,)
    return (*days, PROVIDER, DIAGNOSIS)


def is_treatment(benefit: Benefit) -> bool:
    """Whether a claim is about treatment. Otherwise something happened: a death, an accident, damage to a car."""
    return PROVIDER in treatment_fields(benefit)


def needs_bills(benefit: Benefit) -> bool:
    """Whether a claim needs bills. A benefit that pays a fixed sum for an event needs none."""
    return insured_kind(benefit.type) != "life" or benefit.type == BenefitType.ACCIDENT


def detail_names() -> frozenset[str]:
    """The keys that `Claim.details` may have."""
    return frozenset(_details())


def detail_field(name: str) -> DraftField | None:
    """The field with this key in `Claim.details`; None if there is no such key."""
    return _details().get(name)


def _details() -> dict[str, DraftField]:
    fields = [field for group in (*_OF_KIND.values(), *_OF_TYPE.values()) for field in group]
    return {field.name: field for field in fields if field.in_details}
