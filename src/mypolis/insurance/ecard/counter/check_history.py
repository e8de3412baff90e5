"""The history of checks that a member sees, of a card and of letters about its cover."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from mypolis.foundation.events import Actor
from mypolis.insurance.ecard.cards import Held
from mypolis.insurance.ecard.models import Look, Looker
from mypolis.membership.accounts.models import Account
from mypolis.membership.people.models import Membership

_SHOWN = 50
_HANDHELD = re.compile(r"Mobi|Android|iPhone|iPad")
# Link previews of messengers, and robots: their user agent says so, in brackets or after the browser it imitates.
_PROGRAM = re.compile(r"bot\b|crawl|spider|preview|facebookexternalhit|WhatsApp|Viber", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A check as the member sees it; `looker` is empty if it was not recorded.

    `place` numbers the networks by their first check, from 1; `here` is true for the member's current network.
    """

    at: datetime
    use: str
    outcome: str
    looker: str
    place: int
    here: bool


@dataclass(frozen=True, kw_only=True)
class Looks:
    """The newest checks, newest first; `copied_at` is when a code, not on paper, was last seen in a second place."""

    seen: tuple[Seen, ...]
    copied_at: datetime | None


def looks_at(held: Held, *, near: bytes) -> Looks:
    """The checks of a card and of letters about its cover; `near` is the member's current network. One query."""
    rows = list(held.membership.looks.order_by("-at")[:_SHOWN])
    places = _numbered(bytes(row.place) for row in reversed(rows))
    seen = (
        Seen(
            at=row.at,
            use=row.use,
            outcome=row.outcome,
            looker=row.looker,
            place=places[bytes(row.place)],
            here=bytes(row.place) == near,
        )
        for row in rows
    )
    return Looks(seen=tuple(seen), copied_at=_copied_at(rows))


def looker_of(by: Actor, membership: Membership) -> Looker:
    """Whether the members check their own card, else the kind of device. Queries only if a member is signed in."""
    is_member = by.kind == "member" and by.id.isdigit()
    if is_member and Account.objects.filter(pk=int(by.id), person=membership.person_id).exists():
        return "self"
    if not by.client.startswith("Mozilla/") or _PROGRAM.search(by.client):
        return "program"
    return "phone" if _HANDHELD.search(by.client) else "computer"


def _numbered(places: Iterable[bytes]) -> dict[bytes, int]:
    return {place: number for number, place in enumerate(dict.fromkeys(places), start=1)}


def _copied_at(rows: list[Look]) -> datetime | None:
    """The newest check of a screen code that another place had checked before."""
    first: dict[bytes, bytes] = {}
    copied = None
    for row in reversed(rows):
        if row.use in ("now", "offline") and row.looker != "self":
            place = first.setdefault(bytes(row.code_hash), bytes(row.place))
            copied = row.at if place != bytes(row.place) else copied
    return copied
