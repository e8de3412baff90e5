"""The schema of a plan book, as its authors write it; its JSON Schema is published in `docs/reference`.

What is equal in every plan of a product (names, explanations, documents) is written once, under the product's
`benefits`. A plan lists which of them it has, and on which terms. Rules across several values are in `book_rules`.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError

from mypolis.foundation.lib.money import CURRENCIES
from mypolis.foundation.lib.text.cyrillic import WRITTEN_FROM, to_cyrillic
from mypolis.insurance.coverage.plan_books.vocabulary import Basis, BenefitType, Measure, Unit

_MOST = Decimal("999999999999.99")
# The same formats as amounts in lists (lib/cells/numbers.py), plus YAML's "_" between digits.
_NUMBER = re.compile(r"-?[0-9_]+(\.[0-9]{1,2})?")


def _in_every_language(text: dict[str, str], info: ValidationInfo) -> dict[str, str]:
    """Refuse a text with a missing or an extra language; add the market's second script."""
    languages = set((info.context or {}).get("languages", text))
    if missing := sorted(languages - set(text) - set(WRITTEN_FROM)):
        raise PydanticCustomError("missing_translation", "missing {languages}", {"languages": ", ".join(missing)})
    if surplus := sorted(set(text) - languages):
        raise PydanticCustomError("unknown_language", "unknown {languages}", {"languages": ", ".join(surplus)})
    made = {code: to_cyrillic(text[source]) for code, source in WRITTEN_FROM.items() if code in languages}
    return made | text


def _in_digits(value: object) -> object:
    """Refuse an ambiguous number such as 150.000, and digits that are not ASCII."""
    if isinstance(value, str) and not _NUMBER.fullmatch(value.strip()):
        raise PydanticCustomError("not_a_number", "not a number")
    return value


def _known_currency(code: str) -> str:
    if code not in CURRENCIES:
        raise PydanticCustomError("unknown_currency", "unknown currency")
    return code


MOST = 100  # the most plans of a product, and benefits, groups or limits of each
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]
Localized = Annotated[dict[str, Sentence], AfterValidator(_in_every_language)]
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=60)]
RosterName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
CurrencyCode = Annotated[str, AfterValidator(_known_currency)]
Digits = BeforeValidator(_in_digits)
Money = Annotated[Decimal, Field(ge=0, le=_MOST, max_digits=14, decimal_places=2), Digits]
Percent = Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2), Digits]
Count = Annotated[int, Field(ge=1, le=100_000), Digits]


class Part(BaseModel):
    """A part of a book: immutable, and without extra fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Named(Part):
    """Something with a name in every language of the market."""

    name: Localized


class DocumentPart(Named):
    """A document that claims need; `replaced` if a claim in the portal replaces it, such as a claim form."""

    replaced: bool = False


class NetworkPart(Named):
    """A tier of the provider network."""

    explanation: Localized


class CopaymentPart(Part):
    """The percentage of each bill that the member pays, and the highest amount of it."""

    percent: Percent
    cap: Money | None = None


class ExcessPart(Part):
    """The first part of a cost, which the member pays."""

    amount: Money
    per: Literal["year", "case", "visit"] = "case"


class LimitPart(Part):
    """One limit with exactly one of `amount` (money), `count` (of `unit`s) and `days` (different days)."""

    amount: Money | None = None
    count: Count | None = None
    days: Count | None = None
    unit: Unit | None = None
    per: Basis
    family: bool = False

    @property
    def measure(self) -> Measure:
        """What the limit counts."""
        return "amount" if self.amount is not None else "count" if self.count is not None else "days"

    @property
    def size(self) -> Decimal:
        """The size of the limit."""
        return Decimal(next(size for size in (self.amount, self.count, self.days) if size is not None))

    @model_validator(mode="after")
    def _one_measure(self) -> Self:
        if [self.amount, self.count, self.days].count(None) != 2:
            raise PydanticCustomError("one_measure", "one of amount, count, days")
        if (self.unit is None) != (self.count is None):
            raise PydanticCustomError("count_and_unit", "count and unit go together")
        if self.days is not None and self.per in ("day", "visit", "item"):
            raise PydanticCustomError("days_per", "days per case, pregnancy, year or lifetime")
        return self


class SharedLimitPart(LimitPart):
    """A limit that a benefit or a group of benefits (`on`) share."""

    on: Key


class BenefitPart(Named):
    """The part of a benefit that is equal in every plan of a product.

    `words` are what people call it in a search; `excluded_words` are what they search for but it does not include.
    """

    type: BenefitType
    explanation: Localized
    what_to_do: Localized
    exclusions: Localized | None = None
    words: dict[str, tuple[Word, ...]] = {}
    excluded_words: dict[str, tuple[Word, ...]] = {}
    documents: tuple[Key, ...] = ()


class TermsPart(Part):
    """The terms on which one plan covers a benefit."""

    limits: Annotated[tuple[LimitPart, ...], Field(max_length=MOST)] = ()
    waiting_days: Annotated[int, Field(ge=0, le=3_650)] = 0
    copayment: CopaymentPart | None = None
    excess: ExcessPart | None = None
    reimbursement: Percent | None = None
    needs_approval: bool = False
    network: Key | None = None


class PlanPart(Named):
    """A plan, such as a programme or class of a product. `roster_names` are its names in the plan column of lists."""

    explanation: Localized
    roster_names: Annotated[tuple[RosterName, ...], Field(min_length=1)]
    network: Key | None = None
    groups: Annotated[dict[Key, tuple[Key, ...]], Field(max_length=MOST)] = {}
    limits: Annotated[tuple[SharedLimitPart, ...], Field(max_length=MOST)] = ()
    benefits: Annotated[dict[Key, TermsPart], Field(min_length=1, max_length=MOST)]


class ProductPart(Named):
    """A product of the insurer, for one or more of the market's policy types."""

    policy_types: Annotated[tuple[str, ...], Field(min_length=1)]
    currency: CurrencyCode
    year: Literal["calendar", "policy"] = "policy"
    benefits: Annotated[dict[Key, BenefitPart], Field(min_length=1, max_length=MOST)]
    plans: Annotated[dict[Key, PlanPart], Field(min_length=1, max_length=MOST)]


class Book(Part):
    """A plan book: one insurer's products and plans, valid from the day `effective`."""

    format: Annotated[int, Field(ge=1, le=1)]
    market: str
    effective: date
    documents: dict[Key, DocumentPart] = {}
    networks: dict[Key, NetworkPart] = {}
    products: Annotated[dict[Key, ProductPart], Field(min_length=1)]


def json_schema() -> dict[str, Any]:
    """The published JSON Schema (2020-12) of a plan book."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Book.model_json_schema()}
    return schema | {"title": "MyPolis plan book"}
