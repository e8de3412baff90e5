"""What an event says happened. Grammar: `<what>.<what happened to it>`. Each room declares the kinds of its own events.

    class CardEvent(Kind):
        CARD_CHECKED = kind("card.checked", by="member stranger", about="ecard.card")

The room's `apps.py` names the class: `events = "event_kinds.CardEvent"`.
"""

from enum import StrEnum
from functools import cache

from mypolis.foundation.rooms import declared


class Kind(StrEnum):
    """Base of every room's kinds; the value is what the database and exports hold.

    `by`: the kinds of actors that may cause it. `about`: the models of the row that it is about, "" where it may be
    about none. `of_no_market`: it belongs to the whole deployment. `by_worker`: it is written without a request, so it
    has no address.
    """

    by: frozenset[str]
    about: frozenset[str]
    of_no_market: bool
    by_worker: bool

    def __new__(
        cls, value: str, by: frozenset[str], about: frozenset[str], of_no_market: bool, by_worker: bool
    ) -> "Kind":
        """A member, from what `kind` returns."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.by, member.about, member.of_no_market, member.by_worker = by, about, of_no_market, by_worker
        return member


def kind(
    value: str,
    *,
    by: str,
    about: str = "",
    or_nothing: bool = False,
    of_no_market: bool = False,
    by_worker: bool = False,
) -> tuple[str, frozenset[str], frozenset[str], bool, bool]:
    """Declare one kind: `by` and `about` are words with spaces between; `or_nothing`: it may be about no row."""
    rows = frozenset(about.split()) | ({""} if or_nothing or not about else frozenset())
    return value, frozenset(by.split()), rows, of_no_market, by_worker


@cache
def all_kinds() -> dict[str, Kind]:
    """Every kind that the rooms of this deployment declare, by its value. Raises ValueError where two are alike."""
    found = [one for kinds in declared("events") for one in kinds]
    by_value = {str(one): one for one in found}
    if len(by_value) < len(found):
        raise ValueError("two rooms declare the same kind of event")
    return by_value
