"""Who looked: what a member learns of the checks of a card, and of the letters about its cover."""

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
# Messengers that draw a preview of a link, and robots: they say so in brackets or after the browser that they mimic.
_PROGRAM = re.compile(r"bot\b|crawl|spider|preview|facebookexternalhit|WhatsApp|Viber", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A look as the member sees it; `looker` is empty where it was not noted.

    `place` numbers the networks in the order in which they looked first, from 1; `here` is the member's own now.
    """

    at: datetime
    use: str
    outcome: str
    looker: str
    place: int
    here: bool


@dataclass(frozen=True, kw_only=True)
class Looks:
    """The newest looks, newest first; `copied_at`: when one code, not on paper, was last seen in a second place."""

    seen: tuple[Seen, ...]
    copied_at: datetime | None


def looks_at(held: Held, *, near: bytes) -> Looks:
    """The checks of a card and of letters about its cover, seen from the network `near`. One query."""
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
    """The member who tries the own card, else with what a stranger looked. Asks only where a member looks."""
    is_member = by.kind == "member" and by.id.isdigit()
    if is_member and Account.objects.filter(pk=int(by.id), person=membership.person_id).exists():
        return "self"
    if not by.client.startswith("Mozilla/") or _PROGRAM.search(by.client):
        return "program"
    return "phone" if _HANDHELD.search(by.client) else "computer"


def _numbered(places: Iterable[bytes]) -> dict[bytes, int]:
    return {place: number for number, place in enumerate(dict.fromkeys(places), start=1)}


def _copied_at(rows: list[Look]) -> datetime | None:
    """Of the codes that a screen showed: the newest look that another place had before it."""
    first: dict[bytes, bytes] = {}
    copied = None
    for row in reversed(rows):
        if row.use in ("now", "offline") and row.looker != "self":
            place = first.setdefault(bytes(row.code_hash), bytes(row.place))
            copied = row.at if place != bytes(row.place) else copied
    return copied
