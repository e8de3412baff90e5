"""Who may see whom, and how much: all of it, as rules about days and relations that ask nobody.

| who is seen | by | sight |
|---|---|---|
| oneself | oneself | `all` |
| a child under age on a policy | who holds that policy | `all`; `state` while the child, old enough, keeps it private |
| any other dependant on a policy | who holds that policy | `name` |
| somebody with a standing mandate | their proxy | `all` |

Everything else is not seen. A family is seen while neither its holder's cover nor the relative's has ended.
"""

from datetime import date, timedelta
from typing import Literal

from mypolis.foundation.markets.profile import FamilyRules

type SeenAs = Literal["self", "parent", "holder", "proxy"]
type Sight = Literal["all", "state", "name"]
type What = Literal["cover", "papers", "card", "card_changes"]

_MAY: dict[SeenAs, frozenset[What]] = {
    "self": frozenset({"cover", "papers", "card", "card_changes"}),
    "parent": frozenset({"cover", "papers", "card", "card_changes"}),
    "proxy": frozenset({"cover", "card"}),
    "holder": frozenset(),
}


def birthday(born: date, years: int) -> date:
    """The day on which somebody is so many years old; born on 29 February, 1 March where there is none."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def comes_of_age(born: date, rules: FamilyRules) -> date:
    """The first day on which somebody is of age: a whole day, in the market's time zone."""
    return birthday(born, rules.of_age)


def is_of_age(born: date, today: date, rules: FamilyRules) -> bool:
    """Whether somebody is of age."""
    return comes_of_age(born, rules) <= today


def may_keep_private(born: date, today: date, rules: FamilyRules) -> bool:
    """Whether somebody is old enough to keep their cover from their parents, and not yet of age."""
    return birthday(born, rules.private_from) <= today and not is_of_age(born, today, rules)


def is_told_of_age(born: date, today: date, rules: FamilyRules) -> bool:
    """Whether it is time to tell a family that a child comes of age, and not too late."""
    day = comes_of_age(born, rules)
    return day - rules.notice <= today < day


def sight_of_relative(*, relation: str, born: date, is_private: bool, today: date, rules: FamilyRules) -> Sight:
    """How much the holder of a policy sees of a dependant on it."""
    if relation != "child" or is_of_age(born, today, rules):
        return "name"
    return "state" if is_private and may_keep_private(born, today, rules) else "all"


def may(seen_as: SeenAs, sight: Sight, what: What) -> bool:
    """Whether what is seen so may be opened, or done, at all."""
    return sight == "all" and what in _MAY[seen_as]


def born_between(today: date, rules: FamilyRules) -> tuple[date, date]:
    """A span of birth dates that holds, and little more than, those to whom `is_told_of_age` applies today."""
    first = birthday(today, -rules.of_age)
    return first - timedelta(days=2), first + rules.notice + timedelta(days=2)
