"""Kinds of events, named `<what>.<what happened to it>`. Each room declares its own kinds:

    class CardEvent(Kind):
        CARD_CHECKED = kind("card.checked", by="member stranger", about="ecard.card")

The room's `apps.py` names the class: `events = "event_kinds.CardEvent"`.
"""

from enum import StrEnum
from functools import cache

from django.core.exceptions import ImproperlyConfigured

from mypolis.foundation.rooms import declared


class Kind(StrEnum):
    """Base class of every room's kinds. The value is stored in the database and appears in exports.

    `by`: the kinds of actors that may cause the event. `about`: the models that its subject may belong to; "" means
    that it may have no subject. `of_no_market`: the event belongs to the whole deployment. `by_worker`: the event is
    written outside of a request, so it has no IP address.
    """

    by: frozenset[str]
    about: frozenset[str]
    of_no_market: bool
    by_worker: bool

    def __new__(
        cls, value: str, by: frozenset[str], about: frozenset[str], of_no_market: bool, by_worker: bool
    ) -> "Kind":
        """Create an enum member from the tuple that `kind` returns."""
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
    """Declare one kind. `by` and `about` are space-separated. With `or_nothing` the event may have no subject."""
    rows = frozenset(about.split()) | ({""} if or_nothing or not about else frozenset())
    return value, frozenset(by.split()), rows, of_no_market, by_worker


@cache
def all_kinds() -> dict[str, Kind]:
    """Return every declared kind by its value. Raises ImproperlyConfigured if two rooms declare the same."""
    found = [one for kinds in declared("events") for one in kinds]
    by_value = {str(one): one for one in found}
    if len(by_value) < len(found):
        twice = sorted({str(one) for one in found if found.count(one) > 1})
        raise ImproperlyConfigured(f"two rooms declare the event {', '.join(twice)}")
    return by_value
