"""The complete rules for who may see whom, and how much. Pure functions of dates and relations; no database access.

| person | visible to | sight |
|---|---|---|
| oneself | oneself | `all` |
| a child under age on a policy | the policy's holder | `all`; `state` while the child (if old enough) hides it |
| any other dependant on a policy | the policy's holder | `name` |
| the giver of an active mandate | their proxy | `all`, for what the scopes of the mandate allow |

Nobody sees anything else. Access within a family ends when the holder's or the relative's cover ends.
"""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Literal

from mypolis.foundation.markets.profile import FamilyRules

type SeenAs = Literal["self", "parent", "holder", "proxy"]
type Sight = Literal["all", "state", "name"]
type What = Literal["cover", "papers", "card", "card_changes", "claims"]
type Scope = Literal["cover", "claims"]

WHATS: tuple[What, ...] = ("cover", "papers", "card", "card_changes", "claims")
_MAY: dict[SeenAs, frozenset[What]] = {"self": frozenset(WHATS), "parent": frozenset(WHATS)}
_PROXY_MAY: dict[str, frozenset[What]] = {"cover": frozenset({"cover", "card"}), "claims": frozenset({"claims"})}

LATE_CLAIMS = timedelta(days=365)
"""How long a cover that ended is still shown for claims after the time to file them, so that people see why not."""


def scopes_of(wanted: Collection[str]) -> list[Scope]:
    """The scopes of a mandate with what is wanted: always `cover`, because a claim shows what is covered."""
    return ["cover", "claims"] if "claims" in wanted else ["cover"]


def birthday(born: date, years: int) -> date:
    """The day on which somebody turns `years`. For 29 February it is 1 March in a year that is not a leap year."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def comes_of_age(born: date, rules: FamilyRules) -> date:
    """The first day on which somebody is of age, for that whole day in the market's time zone."""
    return birthday(born, rules.of_age)


def is_of_age(born: date, today: date, rules: FamilyRules) -> bool:
    """Whether somebody is of age."""
    return comes_of_age(born, rules) <= today


def may_keep_private(born: date, today: date, rules: FamilyRules) -> bool:
    """Whether somebody is old enough to keep their cover from their parents, and not yet of age."""
    return birthday(born, rules.private_from) <= today and not is_of_age(born, today, rules)


def in_notice_period(born: date, today: date, rules: FamilyRules) -> bool:
    """Whether today is in the notice period, in which a family learns that a child comes of age soon."""
    day = comes_of_age(born, rules)
    return day - rules.notice <= today < day


def sight_of_relative(*, relation: str, born: date, is_private: bool, today: date, rules: FamilyRules) -> Sight:
    """How much the holder of a policy sees of a dependant on it."""
    if relation != "child" or is_of_age(born, today, rules):
        return "name"
    return "state" if is_private and may_keep_private(born, today, rules) else "all"


def may(seen_as: SeenAs, sight: Sight, what: What, scopes: Collection[str] = ()) -> bool:
    """Whether this role and sight allow opening or doing `what`. `scopes` are those of a proxy's mandate."""
    if seen_as == "proxy":
        return sight == "all" and any(what in _PROXY_MAY.get(scope, ()) for scope in scopes)
    return sight == "all" and what in _MAY.get(seen_as, ())


def may_claim_through(*, held_to: date | None, covered_to: date | None, today: date) -> bool:
    """Whether a holder may claim for a dependant's cover, by the last days of both covers (None: no end).

    While the holder is covered, also for cover that has ended. After that, only for cover that ended no later than the
    holder's own: cover that goes on belongs to somebody else's family now.
    """
    if held_to is None or held_to >= today:
        return True
    return covered_to is not None and covered_to <= held_to


def born_between(today: date, rules: FamilyRules) -> tuple[date, date]:
    """A range of birth dates that contains everybody for whom `in_notice_period` is true today, and few others."""
    first = birthday(today, -rules.of_age)
    return first - timedelta(days=2), first + rules.notice + timedelta(days=2)
