"""The journeys of the served markets: from the modules that each market's profile names, and from rooms.

A room whose journey is the same in every market extends `journeys.in_every_market` with functions that take a profile
and the channels by which the market's own journeys send codes, and return a `Definition`. So a new market has the
journey, too.
"""

from collections.abc import Iterator
from functools import cache
from importlib import import_module

from django.core.exceptions import ImproperlyConfigured

from mypolis.foundation.journeys.definitions.errors import UnknownWay
from mypolis.foundation.journeys.definitions.steps import Definition
from mypolis.foundation.markets import Profile, all_markets
from mypolis.foundation.markets.profile import Channel
from mypolis.foundation.rooms import extensions


@cache
def definitions() -> dict[tuple[str, str], tuple[Definition, ...]]:
    """Return all definitions by (market, kind), in the order of declaration. Raises ImproperlyConfigured."""
    found: dict[tuple[str, str], tuple[Definition, ...]] = {}
    for code, profile in all_markets().items():
        for definition in _definitions_of(profile):
            key = (code, definition.kind)
            found[key] = (*found.get(key, ()), definition)
    return found


def find(market: str, kind: str, way: str = "") -> Definition:
    """Return the definition for a way, or the market's first one if no way is named. Raises UnknownWay."""
    choices = definitions().get((market, kind), ())
    for definition in choices:
        if not way or way in definition.ways:
            return definition
    raise UnknownWay("way" if choices else "journey")


def ways(market: str) -> dict[str, list[str]]:
    """Return the kinds of journeys of a market, each with its ways."""
    return {
        kind: [way for definition in choices for way in definition.ways if way]
        for (code, kind), choices in definitions().items()
        if code == market
    }


def _definitions_of(profile: Profile) -> Iterator[Definition]:
    channels: set[Channel] = set()
    for module in profile.journeys:
        for definition in _declared(module):
            if definition.market != profile.code:
                raise ImproperlyConfigured(f"{module}: a journey of {definition.market!r} in market {profile.code!r}")
            channels.update(*(step.proves for step in definition.steps))
            yield definition
    for make in extensions("journeys.in_every_market"):
        yield make(profile, frozenset(channels))


def _declared(module: str) -> tuple[Definition, ...]:
    try:
        declared: tuple[Definition, ...] = import_module(module).JOURNEYS
    except (ImportError, AttributeError) as error:
        raise ImproperlyConfigured(f"{module}: no module with JOURNEYS ({error})") from error
    return declared
