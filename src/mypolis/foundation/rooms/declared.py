"""The plain data with which a room declares what it brings.

A *reference* is a dotted name inside the room's folder, such as "pages.home_card.cover_at_home". It is loaded when it
is first needed, because a room is declared before models can be imported.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

type Text = str | StrPromise
type Needs = Literal["nothing", "settings", "database", "tables"]
type Holder = Literal["staff", "partner"]


@dataclass(frozen=True, kw_only=True)
class Pages:
    """Pages of a room. `place` orders the table of contents; `urls` is the module with `urlpatterns`."""

    place: int
    urls: str = "urls"


@dataclass(frozen=True, kw_only=True)
class Api:
    """Operations under `/api/v1/`. `router` is a reference to a ninja `Router`.

    `member` is "optional" where the bearer token of a member is read if there is one; with None the router's own
    operations say whom they let in.
    """

    router: str = "api.router"
    member: Literal["optional"] | None = None


@dataclass(frozen=True)
class Command:
    """`mypolis <name>`: `module` has `add_parser(subparsers)`. It is imported before Django is set up."""

    name: str
    does: str
    module: str = "commands"


@dataclass(frozen=True)
class Check:
    """Findings for `mypolis check`: `run(profiles)` returns one line of text for each.

    It is called with one profile at a time, so that a mistake in one market hides none in another. One that
    `needs_sound_profiles` is called once, with all profiles, if the others found nothing.
    """

    run: str
    needs_sound_profiles: bool = False


@dataclass(frozen=True)
class NavigationEntry:
    """An entry of the member's menu; `place` orders them (Home 10, Cover 20, Claims 30, Find care 40, More 90).

    `route` is the name of an address that takes the market alone. `promise` says on a market's first page, in one
    sentence, what members find there. An entry that `opens_offline` lets the phone keep its page. A `seldom` entry is
    shown on the page More only.
    """

    place: int
    route: str
    label: Text
    icon: str
    promise: Text = ""
    opens_offline: bool = False
    seldom: bool = False


@dataclass(frozen=True)
class HomeCard:
    """A part of the member's home. `facts(request)` returns what the template gets as `facts`, or None to show nothing.

    `place` orders them. A card that is `beside` is in the narrow column of wide screens.
    """

    place: int
    template: str
    facts: str
    beside: bool = False


@dataclass(frozen=True)
class Right:
    """Something that a partner's program or a member of staff may be allowed to do."""

    name: str
    does: str
    holders: frozenset[Holder]


@dataclass(frozen=True)
class Kept:
    """How long something is kept, and the job that deletes it afterwards."""

    what: str
    life: timedelta
    job: str
