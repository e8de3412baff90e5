"""The short answer to "Am I covered?" for one benefit of one policy, today."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mypolis.insurance.coverage.cover import BenefitCover, PolicyCover
from mypolis.insurance.coverage.pages.limit_bars import (
    binding,
    by_what_binds,
    is_untouched_sum,
    is_used_up,
    left_in_words,
    sum_in_words,
)
from mypolis.insurance.coverage.plan_books.benefit_texts import limit_in_words, say
from mypolis.insurance.coverage.plan_books.plan import Benefit, PlanDocument

type Verdict = Literal["covered", "waiting", "used_up", "future", "ended", "excluded", "not_in_plan"]

KINDS: dict[Verdict, tuple[str, str]] = {
    "covered": ("good", "check"),
    "waiting": ("warn", "clock"),
    "used_up": ("warn", "alert"),
    "future": ("info", "calendar"),
    "ended": ("warn", "alert"),
    "excluded": ("warn", "close"),
    "not_in_plan": ("warn", "close"),
}
"""The tone and icon of each answer; the text says it too. Red is for errors, and a "no" is not an error."""


@dataclass(frozen=True)
class Answer:
    """A verdict with its text."""

    verdict: Verdict
    title: str
    text: str
    certain: bool = True

    @property
    def kind(self) -> str:
        """The tone: never green if the question may mean something else."""
        return KINDS[self.verdict][0] if self.certain else "info"

    @property
    def icon(self) -> str:
        """The icon beside it."""
        return KINDS[self.verdict][1] if self.certain else "search"


def answer_for(found: BenefitCover, cover: PolicyCover) -> Answer:
    """Whether the benefit pays today, and what is left or from when it pays."""
    if cover.status == "ended":
        return Answer("ended", _("No longer covered"), _ended(cover))
    if found.waits_until is not None:
        day = date_format(found.waits_until, "DATE_FORMAT")
        text = _("The waiting period of this benefit is not over. It pays from %(day)s.") % {"day": day}
        return Answer("waiting", _("Covered from %(day)s") % {"day": day}, text)
    if cover.status == "future":
        day = date_format(cover.start, "DATE_FORMAT")
        return Answer("future", _("Covered from %(day)s") % {"day": day}, _("Your policy has not started yet."))
    if is_used_up(found):
        text = _("It is part of your plan, but one of its limits is used up.")
        return Answer("used_up", _("Covered, but nothing is left"), text)
    return Answer("covered", _("You are covered"), _left(found, cover))


def maybe(answer: Answer) -> Answer:
    """The same answer, marked as uncertain."""
    title = _("Covered, if this is what you mean") if answer.verdict == "covered" else answer.title
    return replace(answer, title=title, certain=False)


def answer_for_excluded(benefit: Benefit, asked: str) -> Answer:
    """The answer when a benefit excludes something; `asked` is the book's word for it."""
    text = say(benefit.exclusions or benefit.explanation)
    return Answer("excluded", _("Not covered: %(word)s") % {"word": asked}, text)


def answer_for_absent(plans: Sequence[PlanDocument]) -> Answer:
    """The answer for a benefit that these plans of the insurer have, but none of the member's policies."""
    names = {"product": say(plans[0].product_name), "plans": ", ".join(say(plan.name) for plan in plans)}
    text = _("Your policies do not include it. It comes with %(product)s: %(plans)s. Ask us about it.") % names
    return Answer("not_in_plan", _("Not in your plan"), text)


def _ended(cover: PolicyCover) -> str:
    if cover.end is None:
        return _("This policy was cancelled.")
    day = date_format(cover.end, "DATE_FORMAT")
    return _("This policy ended on %(day)s. You can still claim for treatment before that day.") % {"day": day}


def _left(found: BenefitCover, cover: PolicyCover) -> str:
    currency = cover.plan.currency if cover.plan else ""
    first = binding(found)
    if first is None:
        return _("No limit")
    words = limit_in_words(first.limit, currency)
    if is_untouched_sum(first, cover.plan):
        return _("Sum insured: %(sum)s.") % {"sum": sum_in_words(first.limit, currency)}
    if first.usage is not None:
        left = left_in_words(first.limit, first.usage, currency)
        return _("Left: %(left)s. Limit: %(limit)s.") % {"left": left, "limit": words}
    counted = next((one for one in by_what_binds(found) if one.usage is not None), None)
    if counted is None or counted.usage is None or is_untouched_sum(counted, cover.plan):
        return _("Limit: %(limit)s.") % {"limit": words}
    return _("Limit: %(limit)s. Left of %(whole)s: %(left)s.") % {
        "limit": words,
        "whole": limit_in_words(counted.limit, currency),
        "left": left_in_words(counted.limit, counted.usage, currency),
    }
