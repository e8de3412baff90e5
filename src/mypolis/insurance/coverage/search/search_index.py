"""The data that a search covers: every benefit in a market's current plans, and the words that people use for it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from mypolis.foundation.lib.text.cyrillic import to_cyrillic
from mypolis.foundation.lib.text.stemming import language_of
from mypolis.insurance.coverage.cover import PolicyCover
from mypolis.insurance.coverage.models import PlanVersion
from mypolis.insurance.coverage.plan_books.plan import Benefit, PlanDocument
from mypolis.insurance.coverage.plan_books.vocabulary import BenefitType
from mypolis.insurance.coverage.search.language_words import words_of_types
from mypolis.insurance.coverage.search.matching import (
    ABOUT,
    CALLED,
    EXCLUDED,
    NAME,
    Index,
    Known,
    Phrase,
    index_of,
    phrase,
)

_EXAMPLES = 3
_T = BenefitType
_FIRST_EXAMPLES = (
    _T.DENTAL,
    _T.OPTICAL,
    _T.DIAGNOSTICS,
    _T.MATERNITY,
    _T.OUTPATIENT,
    _T.MOTOR,
    _T.HOUSEHOLD,
    _T.TRAVEL,
)


@dataclass(frozen=True)
class Offered:
    """A benefit of a product, as one of its plans defines it; `with_plans` are all plans that have it."""

    plan: PlanDocument
    benefit: Benefit
    with_plans: tuple[PlanDocument, ...] = ()

    @property
    def key(self) -> str:
        """The product and the benefit: equal benefits of different products are distinct."""
        return f"{self.plan.product}/{self.benefit.key}"


@dataclass(frozen=True)
class Offer:
    """All benefits of a market on a day, and the index of their words in one language."""

    benefits: dict[str, Offered]
    index: Index


def offer_of(market: str, day: date, language: str) -> Offer:
    """The market's offer on a day: one query; the result is cached by the keys of the plan versions."""
    rows = PlanVersion.objects.filter(plan__market=market, effective__lte=day).newest_first()
    chosen: dict[int, int] = {}
    for plan, version in rows.values_list("plan_id", "pk"):
        chosen.setdefault(plan, version)
    return _offer(tuple(sorted(chosen.values())), language)


@lru_cache(maxsize=64)
def _offer(versions: tuple[int, ...], language: str) -> Offer:
    plans = [row.document for row in PlanVersion.objects.filter(pk__in=versions).order_by("pk")]
    benefits: dict[str, Offered] = {}
    for offered in (Offered(plan, benefit) for plan in plans for benefit in plan.benefits):
        before = benefits.get(offered.key, offered)
        benefits[offered.key] = replace(before, with_plans=(*before.with_plans, offered.plan))
    return Offer(benefits, index_of(known_benefits(benefits.values(), language), language_of(language)))


def known_benefits(benefits: Iterable[Offered], language: str) -> Iterator[Known]:
    """Every benefit with its phrases in one language of the market."""
    for one in benefits:
        yield Known(one.key, tuple(found for found in _phrases(one.benefit, language) if found.stems))


def examples_for(covers: Iterable[PolicyCover], language: str) -> list[str]:
    """A few words that find a benefit of these covers: for each type, the first word that the language has for it."""
    found = list(covers)
    counting = [cover for cover in found if cover.status == "active"] or found
    types = {benefit.benefit.type for cover in counting for benefit in cover.benefits}
    words = words_of_types(language_of(language))
    others = sorted(types - {_T.AMBULANCE})  # a search for an ambulance is answered with a phone number
    examples = [words[kind][0] for kind in (*_FIRST_EXAMPLES, *others) if kind in types]
    chosen = list(dict.fromkeys(examples))[:_EXAMPLES]
    return [to_cyrillic(word) for word in chosen] if language == "sr-cyrl" else chosen


def _phrases(benefit: Benefit, language: str) -> Iterator[Phrase]:
    spoken = language_of(language)
    yield phrase(_in(benefit.name, language), spoken, NAME)
    for text in (*_called(benefit.words, language), *words_of_types(spoken).get(benefit.type, ())):
        yield phrase(text, spoken, CALLED)
    for text in _called(benefit.excluded_words, language):
        yield phrase(text, spoken, EXCLUDED, excluded=True)
    yield phrase(_in(benefit.explanation, language), spoken, ABOUT)


def _in(text: dict[str, str], language: str) -> str:
    return text.get(language) or next(iter(text.values()))


def _called(words: dict[str, tuple[str, ...]], language: str) -> tuple[str, ...]:
    """What people call it in a language; a second script has the same words."""
    return words.get(language) or words.get("sr-latn" if language == "sr-cyrl" else language, ())
