"""The plain data with which a room declares what it brings.

A *reference* is a dotted name inside the room's folder, such as "pages.home_card.cover_at_home". It is loaded when it
is first needed, because a room is declared before models can be imported.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

type Text = str | StrPromise
type Needs = Literal["nothing", "settings", "database", "tables"]
type Holder = Literal["staff", "partner", "provider"]
type Role = Literal["agent", "operator", "assessor", "senior-assessor", "editor", "auditor", "administrator"]


@dataclass(frozen=True, kw_only=True)
class Pages:
    """Pages of a room. `urls` is the module with `urlpatterns`; `place` sorts the rooms in the URL configuration."""

    place: int
    urls: str = "urls"


@dataclass(frozen=True, kw_only=True)
class Api:
    """Operations under `/api/v1/`. `router` is a reference to a ninja `Router`.

    With `member="optional"` the API reads a member's bearer token if the request has one. With None, each operation
    of the router declares its own authentication.
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

    `run` is called with one profile at a time, so that a mistake in one market does not hide mistakes in another.
    A check with `needs_sound_profiles` is called once, with all profiles, if the other checks found nothing.
    """

    run: str
    needs_sound_profiles: bool = False


@dataclass(frozen=True)
class NavigationEntry:
    """An entry of the member's menu; `place` orders them (Home 10, Cover 20, Claims 30, Find care 40, More 90).

    `route` is the name of a URL whose only argument is the market. `promise` is one sentence for the market's first
    page: what members find there. If `opens_offline` is set, the phone may keep the page for use without a network.
    A `seldom` entry appears only on the page More.
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
    """A card on the member's home page. `facts(request)` returns the template's `facts`, or None to hide the card.

    `place` sorts the cards. On wide screens a card with `beside` is in the narrow column.
    """

    place: int
    template: str
    facts: str
    beside: bool = False


@dataclass(frozen=True)
class Right:
    """Something that a program of a partner or a provider, or a member of staff, may be allowed to do.

    `roles` are the roles of staff that have the right; a role belongs to one market. With `in_any_market` it is enough
    to have such a role in any market. `shows_health`: the pages behind it show diagnoses or treatments. `fresh`: the
    second factor must have been used in the last five minutes. `four_eyes`: a second person must approve.

    `does` is lazily translated if staff have the right. If only programs have it, it is English marked by
    `trans_null.gettext_noop`, because the command line reads it before Django is set up; the desk translates it.
    """

    name: str
    does: Text = field(compare=False)
    holders: frozenset[Holder]
    roles: frozenset[Role] = frozenset()
    in_any_market: bool = False
    shows_health: bool = False
    fresh: bool = False
    four_eyes: bool = False


@dataclass(frozen=True)
class DeskEntry:
    """An entry of the desk's menu, for staff who have `right`; `place` orders them.

    `route` is the name of a URL whose only argument is the market.
    """

    place: int
    route: str
    label: Text
    icon: str
    right: Right


@dataclass(frozen=True)
class DeskSearch:
    """The search in the header of every page of the desk, for staff who have `right`.

    `route` is the name of a URL whose only argument is the market; it takes the text by POST as `field`.
    """

    route: str
    field: str
    label: Text
    right: Right


@dataclass(frozen=True)
class DeskCard:
    """A card on the start page of a market's desk, for staff who have `right`.

    `facts(request, market)` returns the template's `facts`, or None to hide the card. `place` sorts the cards.
    """

    place: int
    template: str
    facts: str
    right: Right
    beside: bool = False


@dataclass(frozen=True)
class Switch:
    """A room with a switch can be off in a market for some time. `instead` tells members what to do meanwhile.

    `stays_open` maps routes of the room's pages that stay open to what these are for; the page of the switch shows it.
    """

    label: Text
    instead: Text
    stays_open: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True)
class Kept:
    """How long something is kept, and the job that deletes it afterwards."""

    what: str
    life: timedelta
    job: str


@dataclass(frozen=True)
class JourneyKind:
    """A kind of journey that markets may define. Its page is `/<market>/<name>/`.

    Every market must define a `needed` kind. With `has_ways`, each way has its own page `/<market>/<name>/<way>/`.
    A kind that `signs_in` opens a session and then shows the page Home. `leads_to` maps values of the page's parameter
    `to` to the routes of other pages that may come next instead. `passes_on` names parameters of the page's address
    with which the journey starts; a journey that began with other values is left, and a new one begins.

    The other attributes are for its pages: a drawing, the heading of the support contacts, and templates of list items.
    `links` says where somebody on the wrong page finds the right one. `while_locked` says what to do as long as no code
    is accepted, `without_code` what to do if no code arrives.
    """

    name: str
    needed: bool = False
    has_ways: bool = False
    signs_in: bool = False
    leads_to: Mapping[str, str] = field(default_factory=dict)
    passes_on: tuple[str, ...] = ()
    drawing: str = "web/drawings/door.svg"
    help_title: Text = ""
    links: str = ""
    while_locked: str = ""
    without_code: str = ""


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """The names for journeys that other programs rely on: kinds, steps and fields. A name can be in several rooms.

    `entries` are what a program may send when it starts a journey, such as the token of a personal link: names, each
    with what it is.
    """

    journeys: tuple[JourneyKind, ...] = ()
    steps: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    entries: Mapping[str, str] = field(default_factory=dict)
