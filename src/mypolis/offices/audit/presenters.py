"""What auditors see of an event: who did what, when, to which row; nothing that tells about health or where people are.

Addresses and clients stay in the trail. Of facts they see numbers, and words of a list that is known to be harmless;
the others are only named. So a new fact is withheld until somebody adds it here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from mypolis.foundation.events.models import Event
from mypolis.foundation.staff.models import StaffAccount

SHOWN_WORDS = frozenset(
    {
        *(
            "before",
            "after",
            "state",
            "outcome",
            "source",
            "came_to",
            "ended_by",
            "event_kind",
            "scope",
            "since",
            "until",
        ),
        *("role", "with_", "by_way", "channel", "template", "step", "language", "version", "limit", "use", "actor"),
        *("about", "report", "form"),
    }
)
"""Facts whose words say nothing about a person's health, contacts or whereabouts."""

WITHHELD = "…"

type Fact = tuple[str, str]


@dataclass(frozen=True)
class ShownEvent:
    """An event as auditors see it. `who` is the colleague's name if the actor is one; `facts` are pairs of texts."""

    number: int
    at: datetime
    market: str
    kind: str
    actor: str
    who: str
    subject: str
    facts: tuple[Fact, ...]


def shown(events: Iterable[Event]) -> list[ShownEvent]:
    """Return the events as auditors see them, with one query for the names of colleagues."""
    rows = list(events)
    keys = {int(row.actor_id) for row in rows if _is_colleague(row)}
    names = dict(StaffAccount.objects.filter(pk__in=keys).values_list("pk", "name")) if keys else {}
    return [_shown(row, names.get(int(row.actor_id), "") if _is_colleague(row) else "") for row in rows]


def shown_facts(event: Event) -> tuple[Fact, ...]:
    """The facts of an event as names and texts, without words that could tell about a person."""
    return tuple((name, _value(name, value)) for name, value in sorted(event.facts.items()))


def _shown(row: Event, who: str) -> ShownEvent:
    actor = f"{row.actor_kind}:{row.actor_id}" if row.actor_id else row.actor_kind
    return ShownEvent(row.pk, row.at, row.market, row.kind, actor, who, row.subject, shown_facts(row))


def _value(name: str, value: object) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool | int):
        return str(value).lower()
    return str(value) if name in SHOWN_WORDS else WITHHELD


def _is_colleague(row: Event) -> bool:
    return row.actor_kind == "staff" and row.actor_id.isascii() and row.actor_id.isdigit() and len(row.actor_id) < 19
