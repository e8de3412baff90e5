"""The rules for a plan book beyond its schema, and the plans that it defines.

Rules yield findings as (path, code, what); a path is the keys and indices that lead to a value.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from mypolis.foundation.markets import Profile
from mypolis.insurance.coverage.plan_books.book import Book, LimitPart, PlanPart, ProductPart, TermsPart
from mypolis.insurance.coverage.plan_books.book_file import Path_, Source
from mypolis.insurance.coverage.plan_books.plan import (
    Benefit,
    Copayment,
    Document,
    Excess,
    Limit,
    Network,
    PlanDocument,
)
from mypolis.insurance.coverage.problems import MESSAGES, Problem
from mypolis.membership.roster.columns import fold_word

type Finding = tuple[Path_, str, str]

_SHAPES = {
    "missing": "missing",
    "extra_forbidden": "unknown_key",
    "string_pattern_mismatch": "bad_key",
    "string_too_short": "empty",
    "too_short": "empty",
    "string_too_long": "too_long",
    "less_than_equal": "too_big",
    "decimal_max_digits": "too_big",
    "decimal_whole_digits": "too_big",
    "enum": "not_a_choice",
    "literal_error": "not_a_choice",
}


class BookRefusedError(Exception):
    """The book cannot be used; `problems` say where and why, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        super().__init__("the plan book was refused")
        self.problems = tuple(sorted(set(problems), key=lambda problem: (problem.line, problem.place, problem.code)))


def check_book(source: Source, profile: Profile) -> Book:
    """The book in a file's data. Raises BookRefusedError with all findings."""
    try:
        book = Book.model_validate(source.data, context={"languages": profile.languages})
    except ValidationError as error:
        raise BookRefusedError(_problem(source, *_shape(found)) for found in error.errors()) from None
    if findings := [_problem(source, *finding) for finding in _findings(book, profile)]:
        raise BookRefusedError(findings)
    return book


def plans_of(book: Book) -> Iterator[tuple[ProductPart, PlanPart, PlanDocument]]:
    """Every plan of a checked book, as a self-contained document."""
    for product_key, product in book.products.items():
        for plan_key, plan in product.plans.items():
            yield (
                product,
                plan,
                PlanDocument(
                    market=book.market,
                    product=product_key,
                    product_name=product.name,
                    key=plan_key,
                    name=plan.name,
                    explanation=plan.explanation,
                    currency=product.currency,
                    year=product.year,
                    network=_network(book, plan.network),
                    benefits=tuple(_benefit(book, product, key, terms) for key, terms in plan.benefits.items()),
                    limits=tuple(_Limits(plan).all()),
                ),
            )


def _problem(source: Source, path: Path_, code: str, what: str) -> Problem:
    return Problem(source.line(path), ".".join(map(str, path)), code, what)


def _shape(error: ErrorDetails) -> Finding:
    """Convert one of pydantic's errors to our codes."""
    path: Path_ = tuple(part for part in error["loc"] if part != "[key]")
    kind, context = error["type"], error.get("ctx", {})
    if kind == "too_long":
        return path, "too_many", ""
    if kind in MESSAGES:
        return path, kind, str(context.get("languages", ""))
    if kind == "enum":
        return path, "unknown_type", ""
    if kind == "greater_than_equal":
        return path, "negative" if str(error["input"]).lstrip().startswith("-") else "too_small", ""
    if kind.startswith("date_"):
        return path, "not_a_date", ""
    if kind.startswith(("decimal_", "int_", "finite_")) and kind not in _SHAPES:
        return path, "not_a_number", ""
    return path, _SHAPES.get(kind, "wrong_shape"), ""


def _findings(book: Book, profile: Profile) -> Iterator[Finding]:
    if book.market != profile.code:
        yield ("market",), "other_market", ""
    known_types = {kind.key for kind in profile.policy_types}
    names: dict[tuple[str, str], Path_] = {}
    for product_key, product in book.products.items():
        at: Path_ = ("products", product_key)
        for place, policy_type in enumerate(product.policy_types):
            if policy_type not in known_types:
                yield (*at, "policy_types", place), "unknown_policy_type", ", ".join(sorted(known_types))
        for key, benefit in product.benefits.items():
            yield from _unknown((*at, "benefits", key, "documents"), benefit.documents, book.documents, "document")
            for name in ("words", "excluded_words"):
                if surplus := sorted(set(getattr(benefit, name)) - set(profile.languages)):
                    yield (*at, "benefits", key, name), "unknown_language", ", ".join(surplus)
        for plan_key, plan in product.plans.items():
            place_of_plan: Path_ = (*at, "plans", plan_key)
            yield from _plan_findings(place_of_plan, plan, product, book)
            yield from _names_taken(place_of_plan, plan, product, names)


def _plan_findings(at: Path_, plan: PlanPart, product: ProductPart, book: Book) -> Iterator[Finding]:
    if plan.network is not None and plan.network not in book.networks:
        yield (*at, "network"), "unknown_network", plan.network
    for key, terms in plan.benefits.items():
        if key not in product.benefits:
            yield (*at, "benefits", key), "unknown_benefit", key
        if terms.network is not None and terms.network not in book.networks:
            yield (*at, "benefits", key, "network"), "unknown_network", terms.network
    yield from _Limits(plan).findings(at)


def _unknown(at: Path_, keys: tuple[str, ...], known: dict[str, object] | object, kind: str) -> Iterator[Finding]:
    for place, key in enumerate(keys):
        if key not in known:  # type: ignore[operator]
            yield (*at, place), f"unknown_{kind}", key


def _names_taken(
    at: Path_, plan: PlanPart, product: ProductPart, names: dict[tuple[str, str], Path_]
) -> Iterator[Finding]:
    for place, name in enumerate(plan.roster_names):
        for policy_type in product.policy_types:
            if names.setdefault((policy_type, fold_word(name)), at) != at:
                yield (*at, "roster_names", place), "name_taken", ""


@dataclass(frozen=True)
class _Limits:
    """The limits of a plan: those of single benefits, and those that benefits or groups share."""

    plan: PlanPart

    def all(self) -> Iterator[Limit]:
        """Every limit; the groups must be valid."""
        for on, part, _path in self._parts():
            yield Limit(
                key=self._key(on, part),
                benefits=self._members(on),
                per=part.per,
                measure=part.measure,
                size=part.size,
                unit=part.unit,
                family=part.family,
            )

    def findings(self, at: Path_) -> Iterator[Finding]:
        """Problems of groups and limits."""
        groups, benefits = self.plan.groups, self.plan.benefits
        for key, members in groups.items():
            if key in benefits:
                yield (*at, "groups", key), "group_is_benefit", key
            for place, member in enumerate(members):
                if member not in benefits and member not in groups:
                    yield (*at, "groups", key, place), "unknown_group", member
            if self._contains_itself(key):
                yield (*at, "groups", key), "group_cycle", key
        if not any(self._contains_itself(key) for key in groups):
            yield from self._limit_findings(at)

    def _limit_findings(self, at: Path_) -> Iterator[Finding]:
        seen = set()
        units: dict[str, str] = {}
        for on, part, path in self._parts():
            if on not in self.plan.benefits and on not in self.plan.groups:
                yield (*at, *path, "on"), "unknown_group", on
            same = (frozenset(self._members(on)), part.per, part.measure, part.unit, part.family)
            if same in seen:
                yield (*at, *path), "overlapping_limits", ""
            seen.add(same)
            if part.unit and any(units.setdefault(key, part.unit) != part.unit for key in same[0]):
                yield (*at, *path, "unit"), "units_differ", ""

    def _parts(self) -> Iterator[tuple[str, LimitPart, Path_]]:
        for key, terms in self.plan.benefits.items():
            for place, part in enumerate(terms.limits):
                yield key, part, ("benefits", key, "limits", place)
        for place, shared in enumerate(self.plan.limits):
            yield shared.on, shared, ("limits", place)

    def _members(self, key: str) -> tuple[str, ...]:
        """The benefits under a key: itself, or those of a group and its subgroups; each group is expanded once."""
        found: dict[str, None] = {}
        opened, waiting = set[str](), [key]
        while waiting:
            member = waiting.pop()
            if member in self.plan.groups and member not in opened:
                opened.add(member)
                waiting += reversed(self.plan.groups[member])
            elif member in self.plan.benefits:
                found.setdefault(member)
        return tuple(found)

    def _contains_itself(self, key: str) -> bool:
        """Whether a group contains itself, directly or indirectly."""
        reached, waiting = set[str](), list(self.plan.groups[key])
        while waiting:
            member = waiting.pop()
            if member == key:
                return True
            if member not in reached:
                reached.add(member)
                waiting += self.plan.groups.get(member, ())
        return False

    @staticmethod
    def _key(on: str, part: LimitPart) -> str:
        words = [on, part.per, part.unit or part.measure, *(["family"] if part.family else [])]
        return ".".join(words)


def _benefit(book: Book, product: ProductPart, key: str, terms: TermsPart) -> Benefit:
    part = product.benefits[key]
    return Benefit(
        key=key,
        type=part.type,
        name=part.name,
        explanation=part.explanation,
        what_to_do=part.what_to_do,
        exclusions=part.exclusions,
        words=part.words,
        excluded_words=part.excluded_words,
        waiting_days=terms.waiting_days,
        copayment=Copayment(**terms.copayment.model_dump()) if terms.copayment else None,
        excess=Excess(**terms.excess.model_dump()) if terms.excess else None,
        reimbursement=terms.reimbursement,
        needs_approval=terms.needs_approval,
        network=_network(book, terms.network),
        documents=tuple(Document(key=one, **book.documents[one].model_dump()) for one in part.documents),
    )


def _network(book: Book, key: str | None) -> Network | None:
    return Network(key=key, **book.networks[key].model_dump()) if key is not None else None
