"""A family in each market: a parent with an account, a child, a sixteen-year-old, and an adult dependant."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from mypolis.demo.cast.member import Member

PARENT_BORN = date(1979, 5, 12)


@dataclass(frozen=True)
class Relative:
    """One of the three dependants: `age` identifies them, `cells` are the market's additional columns."""

    age: str
    born: date
    cells: dict[str, str]


def births(today: date) -> Iterator[tuple[str, date]]:
    """Each dependant with a birth date: about 9, just 16, and 20 years before the day of seeding."""
    yield "child", date(today.year - 9, 4, 17)
    yield "16 years old", date(today.year - 16, today.month, 1)
    yield "grown up", date(today.year - 20, 2, 11)


def relative(parent: Member, who: Relative) -> Member:
    """A dependant on the parent's policy, without an account yet."""
    cells = parent.cells | {"birth_date": who.born.isoformat(), "relation": "child"} | who.cells
    return replace(parent, cells=cells, label=f"family of {parent.cells['given_name']}: {who.age}", password="")
