"""Am I covered for …? What somebody's words mean, and the plain answer for each of it.

The words are used and forgotten: they stand in no address, log, event or row.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import get_language

from mypolis.accounts.models import Account
from mypolis.coverage.answers import Answer, answer_for, answer_for_absent, answer_for_excluded
from mypolis.coverage.cover import BenefitCover, PolicyCover, cover_of
from mypolis.coverage.known import Offer, Offered, offer_of
from mypolis.coverage.matching import Match
from mypolis.coverage.words import say
from mypolis.emergencies.lines import Help, help_for
from mypolis.people.models import Membership

MOST_FOUND = 3
_OWN, _MUCH_LESS = 1.2, 0.5

type Own = dict[str, tuple[PolicyCover, BenefitCover]]


@dataclass(frozen=True)
class Found:
    """A benefit that was meant, maybe, and the answer. `cover` has it; None where no policy of the person does."""

    benefit: Offered
    answer: Answer
    cover: PolicyCover | None

    @property
    def name(self) -> str:
        """The benefit's name."""
        return say(self.benefit.benefit.name)

    @property
    def explanation(self) -> str:
        """What it is."""
        return say(self.benefit.benefit.explanation)


@dataclass(frozen=True)
class Reply:
    """The answer to a question: whom to call first, where its words tell of an emergency, and what may be meant."""

    help: Help | None
    found: Sequence[Found]


def reply_to(account: Account, words: str) -> Reply:
    """The answer to a question. After a death, or where a life may be ended, nothing about insurance is said."""
    urgent = help_for(words, account.profile)
    return Reply(urgent, [] if urgent and urgent.is_quiet else find(account, words))


def find(account: Account, words: str, seen: QuerySet[Membership] | None = None) -> Sequence[Found]:
    """What the words mean, likeliest first; empty where nothing is known by them.

    `seen` are somebody else's memberships that this member may open, else the member's own count. Asked in the language
    of the page; where nothing is found, in the market's others.
    """
    profile, today = account.profile, account.profile.today()
    own = _own(cover_of(account, seen))
    spoken = get_language() or profile.default_language
    for language in dict.fromkeys((spoken, *profile.languages)):
        offer = offer_of(account.market, today, language)
        if matches := _best(offer.index.search(words), own):
            return [_found(match, offer, own) for match in matches]
    return []


def _own(covers: Iterable[PolicyCover]) -> Own:
    """The person's benefits by product and key; of several policies, the first in the order of `cover_of`."""
    own: Own = {}
    for cover in covers:
        for benefit in cover.benefits:
            if cover.plan is not None:
                own.setdefault(f"{cover.plan.product}/{benefit.benefit.key}", (cover, benefit))
    return own


def _best(matches: Iterable[Match], own: Own) -> list[Match]:
    """The likeliest: what the person has comes before what is about as likely, and what is far less so is left out."""
    ranked = sorted(matches, key=lambda one: -_weight(one, own))
    return [one for one in ranked if _weight(one, own) >= _MUCH_LESS * _weight(ranked[0], own)][:MOST_FOUND]


def _weight(match: Match, own: Own) -> float:
    return match.score * (_OWN if match.key in own else 1.0)


def _found(match: Match, offer: Offer, own: Own) -> Found:
    offered = offer.benefits[match.key]
    if match.key not in own:
        return Found(offered, answer_for_absent(offered.with_plans), None)
    cover, benefit = own[match.key]
    mine = Offered(cover.plan, benefit.benefit) if cover.plan else offered
    if match.phrase.excluded:
        return Found(mine, answer_for_excluded(benefit.benefit, match.phrase.text), cover)
    return Found(mine, answer_for(benefit, cover), cover)
