"""Why something about a claim is not as the member hoped: each reason with its kind and its sentence.

A reason has one or several sentences per variant. The member reads the first one whose facts are all known, so a note
or a provider that nobody entered leaves no gap in a sentence.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise

from mypolis.insurance.claims.adjudication.fact_words import is_known, placeholders, words_of
from mypolis.insurance.claims.adjudication.sentences_of_people import ENDINGS, PAYMENTS, QUESTIONS
from mypolis.insurance.claims.adjudication.sentences_of_rules import CUTS, REJECTIONS


class Kind(StrEnum):
    """What a reason explains: a cut, a rejection, a question, a payment that failed, or how a claim ended."""

    CUT = "cut"
    REJECTION = "rejection"
    QUESTION = "question"
    PAYMENT = "payment"
    ENDED = "ended"


@dataclass(frozen=True)
class Reason:
    """A reason: its code, what kind it is, and its sentences by variant."""

    code: str
    kind: Kind
    variants: Mapping[str, tuple[Promise, ...]]

    def sentence(self, facts: Mapping[str, object]) -> str:
        """The sentence for the member in the active language."""
        variant = self.variants.get(str(facts.get("variant", "")), ())
        sentences = (*variant, *self.variants[""])
        said = next(one for one in map(str, sentences) if all(is_known(name, facts) for name in placeholders(one)))
        return said % {name: words_of(name, facts) for name in placeholders(said)}


REASONS: Final[Mapping[str, Reason]] = {
    code: Reason(code, kind, variants)
    for kind, table in (
        (Kind.CUT, CUTS),
        (Kind.REJECTION, REJECTIONS),
        (Kind.QUESTION, QUESTIONS),
        (Kind.PAYMENT, PAYMENTS),
        (Kind.ENDED, ENDINGS),
    )
    for code, variants in table.items()
}
DEDUCTIONS: Final = ("paid_elsewhere", "not_a_medical_cost", "over_usual_price", "too_many")
"""What an assessor takes off a bill, in this order."""
REFUSALS: Final = (
    "excluded",
    "diagnosis_excluded",
    "not_needed",
    "outside_network",
    "no_approval",
    "no_referral",
    "too_late",
    "duplicate",
    "bill_not_confirmed",
)
"""Why an assessor refuses a whole line."""


def sentence(code: str, facts: Mapping[str, object]) -> str:
    """The sentence of a reason for the member, in the active language. Raises KeyError for an unknown code."""
    return REASONS[code].sentence(facts)
