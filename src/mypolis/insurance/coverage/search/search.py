""" "Am I covered for …?": finds what somebody's words mean, and the answer for each match.

The words are never stored: they appear in no URL, log, event or database row.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language

from mypolis.insurance.coverage.cover import PolicyCover
from mypolis.insurance.coverage.plan_books.vocabulary import BenefitType
from mypolis.insurance.coverage.search.certainty import Found, Question, certain_of, guesses_of, likely_of
from mypolis.insurance.coverage.search.everyday.ailments import named_types, suggested_types
from mypolis.insurance.coverage.search.search_index import offer_of
from mypolis.insurance.emergencies.lines import Help, help_for
from mypolis.membership.accounts.models import Account

MOST_FOUND, MOST_GUESSED = 3, 4
_IN_AN_EMERGENCY = (BenefitType.AMBULANCE, BenefitType.INPATIENT, BenefitType.INTENSIVE_CARE)


@dataclass(frozen=True)
class Reply:
    """The reply to a question: whom to call first if the words describe an emergency, and the possible matches."""

    help: Help | None
    found: Sequence[Found]

    @property
    def is_unsure(self) -> bool:
        """Whether the answers are guesses."""
        return bool(self.found) and not self.found[0].answer.certain


def reply_to(account: Account, words: str, covers: Sequence[PolicyCover]) -> Reply:
    """The reply to a question about these covers.

    After a death or in a suicidal crisis, the reply says nothing about insurance. In any other emergency it names only
    benefits that the member has, starting with those that bring them to a hospital.
    """
    urgent = help_for(words, account.profile)
    if urgent is None:
        return Reply(None, find(account, words, covers))
    if urgent.is_quiet:
        return Reply(urgent, [])
    suggested = [*_IN_AN_EMERGENCY, *suggested_types(words, account.profile.languages)]
    return Reply(urgent, guesses_of(suggested, covers)[:MOST_FOUND])


def find(account: Account, words: str, covers: Sequence[PolicyCover]) -> Sequence[Found]:
    """The possible matches, likeliest first; empty if the words are unknown.

    Benefit names come first, in the page's language and then in the market's others; then what everyday words suggest,
    and approximate matches.
    """
    profile, today = account.profile, account.profile.today()
    suggested = suggested_types(words, profile.languages)
    needed = named_types(words, profile.languages)
    spoken = get_language() or profile.default_language
    likely: list[Found] = []
    for language in dict.fromkeys((spoken, *profile.languages)):
        question = Question(offer_of(account.market, today, language), covers, suggested, needed)
        matches = question.matches(words)
        if certain := certain_of(matches, question):
            likely = likely or likely_of(matches, question)
            return _apart([*certain, *guesses_of(suggested, covers), *likely])[:MOST_FOUND]
        likely = likely or likely_of(matches, question)
    return _apart([*guesses_of(suggested, covers), *likely])[:MOST_GUESSED]


def _apart(found: Sequence[Found]) -> list[Found]:
    """Removes repeated benefits, keeping the first."""
    apart: dict[str, Found] = {}
    for one in found:
        apart.setdefault(one.key, one)
    return list(apart.values())
