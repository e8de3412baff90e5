"""Building blocks of all markets' sample lists."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

_FIRST_BIRTH = date(1957, 3, 8)
_BIRTH_STEP = timedelta(days=263)
_LEAP_DAY = date(1992, 2, 29)

TERMINATED, FUTURE, REGISTERED = "terminated", "future", "registered"


@dataclass(frozen=True, kw_only=True)
class Member:
    """One row of a sample list: `cells` by column name. `employer` is None for people who insure themselves.

    `label` says what is special, `password` belongs to the account that the seed opens, and people with an `invited`
    row get invitations.
    """

    market: str
    employer: str | None
    cells: dict[str, str]
    label: str = ""
    password: str = ""
    invited: bool = False


@dataclass(frozen=True, kw_only=True)
class Period:
    """When the samples of a kind are covered, relative to the day of seeding."""

    start: date
    end: date | None = None

    def as_cells(self) -> dict[str, str]:
        """The two columns of a list."""
        return {"start": self.start.isoformat(), "end": self.end.isoformat() if self.end else ""}


def period(label: str, today: date) -> Period:
    """The cover period of people with this label: most are covered now, some were, some will be."""
    begun = date(today.year - 1, 1, 1)
    if label == TERMINATED:
        return Period(start=begun, end=today - timedelta(days=20))
    if label == FUTURE:
        return Period(start=today + timedelta(days=45))
    return Period(start=begun)


def birth_date(number: int) -> date:
    """A different day for each number, for people aged about 20 to 70; number 4 is born on 29 February."""
    return _LEAP_DAY if number == 4 else _FIRST_BIRTH + number * _BIRTH_STEP


def address(name: str, domain: str, letters: Mapping[int, str | int | None] | None = None) -> str:
    """An email address made from a name; `letters` (for str.translate) convert it to plain Latin."""
    plain = name.lower().translate(letters or {}).replace("-", " ")
    return f"{'.'.join(plain.split())}@{domain}"
