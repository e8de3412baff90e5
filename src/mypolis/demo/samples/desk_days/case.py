"""The tables of a market's day: cases, and what the desk and the members say."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto


class Fate(Enum):
    """How far a claim has come. What is not `NEW` was worked on by the market's assessor."""

    NEW = auto()
    ASKED = auto()
    ANSWERED = auto()
    DECIDED = auto()
    SECOND_REVIEW = auto()
    APPEALED = auto()
    STOPPED = auto()
    WITH_COLLEAGUE = auto()


@dataclass(frozen=True, kw_only=True)
class Case:
    """A claim: what was treated where and how many days ago, and bills as (number, sum) in a currency.

    An empty currency is the day's. Treatment over several days has `more_days` after the first. `edited`: a program
    for editing saved the pictures. `new_account`: it is to be paid to an account that was just added.
    """

    days_ago: int
    benefit: str
    provider: str
    words: str
    bills: Sequence[tuple[str, str]]
    currency: str = ""
    fate: Fate = Fate.NEW
    more_days: int = 0
    edited: bool = False
    new_account: bool = False


@dataclass(frozen=True, kw_only=True)
class Day:
    """A market's day: its currency, what is said, a second account as (bank, number), and cases by person.

    `people` are the second registered sample person, the third, and so on: the first one has a claim in every state.
    """

    currency: str
    question: str
    answer: str
    appeal: str
    new_account: tuple[str, str]
    people: Sequence[Sequence[Case]]
