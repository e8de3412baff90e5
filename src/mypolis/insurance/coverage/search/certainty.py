"""Decides what to answer for the matches of a search. Only a certain match may give a promise or a "no"."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

from mypolis.insurance.coverage.cover import BenefitCover, PolicyCover
from mypolis.insurance.coverage.plan_books.benefit_texts import say
from mypolis.insurance.coverage.plan_books.vocabulary import HEALTH, BenefitType
from mypolis.insurance.coverage.search.matching import Match
from mypolis.insurance.coverage.search.search_index import Offer, Offered
from mypolis.insurance.coverage.search.verdicts import Answer, answer_for, answer_for_absent, answer_for_excluded, maybe

_OWN, _MUCH_LESS = 1.2, 0.5


@dataclass(frozen=True)
class Found:
    """A benefit that the question may be about, and the answer. `cover` is its policy; None if the person has none."""

    benefit: Offered
    answer: Answer
    cover: PolicyCover | None

    @property
    def key(self) -> str:
        """The product and the benefit."""
        return self.benefit.key

    @property
    def name(self) -> str:
        """The benefit's name."""
        return say(self.benefit.benefit.name)

    @property
    def explanation(self) -> str:
        """A short explanation of the benefit."""
        return say(self.benefit.benefit.explanation)


@dataclass(frozen=True)
class Question:
    """The context of a question: the market's offer, the person's covers, and the types that everyday words suggest.

    `needed` are the types that the words name directly.
    """

    offer: Offer
    covers: Sequence[PolicyCover]
    suggested: Sequence[BenefitType]
    needed: Set[BenefitType] = frozenset()

    @cached_property
    def own(self) -> dict[str, tuple[PolicyCover, BenefitCover]]:
        """The person's benefits by product and key; of several policies, the first in the order of `cover_of`."""
        own: dict[str, tuple[PolicyCover, BenefitCover]] = {}
        for cover, benefit in _benefits(self.covers):
            if cover.plan is not None:
                own.setdefault(f"{cover.plan.product}/{benefit.benefit.key}", (cover, benefit))
        return own

    def matches(self, words: str) -> list[Match]:
        """The likeliest benefits; the person's own before similarly likely ones, and without much less likely ones."""
        ranked = sorted(self.offer.index.search(words), key=lambda one: -self._weight(one))
        return [one for one in ranked if self._weight(one) >= _MUCH_LESS * self._weight(ranked[0])]

    def type_of(self, match: Match) -> BenefitType:
        """The type of the matched benefit."""
        return self.offer.benefits[match.key].benefit.type

    def is_certain(self, match: Match) -> bool:
        """Whether the match is certain; everyday words in the question may confirm it or cast doubt on it."""
        kind = self.type_of(match)
        if match.says_all or (match.names and kind in self.suggested[:1]):
            return True
        return match.certain and (not self.suggested or kind in self.suggested[:2] or kind not in HEALTH)

    def _weight(self, match: Match) -> float:
        return match.score * (_OWN if match.key in self.own else 1.0)


def certain_of(matches: Iterable[Match], question: Question) -> list[Found]:
    """Answers for certain matches.

    Nothing is certain if the question names something else: "physiotherapy after surgery" is not surgery, and "a flu
    vaccine" is not a visit for the flu. A "not in your plan" is left out if the person has another benefit that helps,
    such as surgery for a fracture when another product insures fractures.
    """
    sure = [match for match in matches if question.is_certain(match)]
    if question.needed and not any(one.says_all or question.type_of(one) in question.needed for one in sure):
        return []
    sure.sort(key=lambda match: question.type_of(match) not in question.suggested[:1])
    helped = any(match.key in question.own for match in sure)
    if question.suggested and not helped:
        helped = bool(guesses_of(question.suggested, question.covers))
    return [
        _found(match, question)
        for match in sure
        if match.key in question.own or not helped or question.type_of(match) in question.suggested[:1]
    ]


def likely_of(matches: Iterable[Match], question: Question) -> list[Found]:
    """Answers for possible matches: only the person's own health benefits, each marked as a guess."""
    return [
        _guess(*question.own[match.key])
        for match in matches
        if not question.is_certain(match)
        and match.key in question.own
        and not match.phrase.excluded
        and question.type_of(match) in HEALTH
        and (not question.suggested or question.type_of(match) in question.suggested)
    ]


def guesses_of(types: Iterable[BenefitType], covers: Sequence[PolicyCover]) -> list[Found]:
    """The person's first benefit of each type, as a guess."""
    found = []
    for kind in dict.fromkeys(types):
        first = next((pair for pair in _benefits(covers) if pair[1].benefit.type == kind), None)
        if first is not None:
            found.append(_guess(*first))
    return found


def _benefits(covers: Iterable[PolicyCover]) -> Iterable[tuple[PolicyCover, BenefitCover]]:
    return ((cover, benefit) for cover in covers for benefit in cover.benefits)


def _found(match: Match, question: Question) -> Found:
    offered = question.offer.benefits[match.key]
    if match.key not in question.own:
        return Found(offered, answer_for_absent(offered.with_plans), None)
    cover, benefit = question.own[match.key]
    if match.phrase.excluded:
        return Found(_offered(cover, benefit), answer_for_excluded(benefit.benefit, match.phrase.text), cover)
    return Found(_offered(cover, benefit), answer_for(benefit, cover), cover)


def _guess(cover: PolicyCover, benefit: BenefitCover) -> Found:
    return Found(_offered(cover, benefit), maybe(answer_for(benefit, cover)), cover)


def _offered(cover: PolicyCover, benefit: BenefitCover) -> Offered:
    if cover.plan is None:
        raise ValueError("a policy without a plan has no benefits")
    return Offered(cover.plan, benefit.benefit)
