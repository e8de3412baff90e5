"""Am I covered for …? What somebody's words mean, and the plain answer for each of it.

The words are used and forgotten: they stand in no address, log, event or row.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language

from mypolis.insurance.coverage.cover import PolicyCover
from mypolis.insurance.coverage.plan_books.vocabulary import BenefitType
from mypolis.insurance.coverage.search.certainty import Found, Question, certain_of, guesses_of, likely_of
from mypolis.insurance.coverage.search.everyday.ailments import needs_meant, types_meant
from mypolis.insurance.coverage.search.search_index import offer_of
from mypolis.insurance.emergencies.lines import Help, help_for
from mypolis.membership.accounts.models import Account

MOST_FOUND, MOST_GUESSED = 3, 4
_IN_AN_EMERGENCY = (BenefitType.AMBULANCE, BenefitType.INPATIENT, BenefitType.INTENSIVE_CARE)


@dataclass(frozen=True)
class Reply:
    """The answer to a question: whom to call first, where its words tell of an emergency, and what may be meant."""

    help: Help | None
    found: Sequence[Found]

    @property
    def is_unsure(self) -> bool:
        """Whether the answers guess what was meant."""
        return bool(self.found) and not self.found[0].answer.certain


def reply_to(account: Account, words: str, covers: Sequence[PolicyCover]) -> Reply:
    """The answer to a question about these covers.

    After a death, or where a life may be ended, nothing about insurance is said. In another emergency only what the
    member has is told, and what brings them to a hospital first.
    """
    urgent = help_for(words, account.profile)
    if urgent is None:
        return Reply(None, find(account, words, covers))
    if urgent.is_quiet:
        return Reply(urgent, [])
    meant = [*_IN_AN_EMERGENCY, *types_meant(words, account.profile.languages)]
    return Reply(urgent, guesses_of(meant, covers)[:MOST_FOUND])


def find(account: Account, words: str, covers: Sequence[PolicyCover]) -> Sequence[Found]:
    """What the words mean, likeliest first; empty where nothing is known by them.

    Names of benefits come first, in the language of the page, then in the market's others; then what everyday words
    lead to, and what is only like a benefit's words.
    """
    profile, today = account.profile, account.profile.today()
    meant = types_meant(words, profile.languages)
    needed = needs_meant(words, profile.languages)
    spoken = get_language() or profile.default_language
    likely: list[Found] = []
    for language in dict.fromkeys((spoken, *profile.languages)):
        question = Question(offer_of(account.market, today, language), covers, meant, needed)
        matches = question.matches(words)
        if certain := certain_of(matches, question):
            likely = likely or likely_of(matches, question)
            return _apart([*certain, *guesses_of(meant, covers), *likely])[:MOST_FOUND]
        likely = likely or likely_of(matches, question)
    return _apart([*guesses_of(meant, covers), *likely])[:MOST_GUESSED]


def _apart(found: Sequence[Found]) -> list[Found]:
    """Each benefit once, the first time it stands."""
    apart: dict[str, Found] = {}
    for one in found:
        apart.setdefault(one.key, one)
    return list(apart.values())
