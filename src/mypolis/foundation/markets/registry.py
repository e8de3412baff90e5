"""The markets that this deployment serves. Each market is a package or module with a `PROFILE`."""

from functools import cache
from importlib import import_module

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from mypolis.foundation.markets.profile import Profile

BUILT_IN = {
    "rs": "mypolis.foundation.markets.serbia",
    "id": "mypolis.foundation.markets.indonesia",
    "ru": "mypolis.foundation.markets.russia",
}


@cache
def all_markets() -> dict[str, Profile]:
    """Return the markets by code, in the order of `MYPOLIS_MARKETS`. Raises ImproperlyConfigured for a bad name."""
    profiles = [_load(name) for name in settings.MYPOLIS.markets]
    by_code = {profile.code: profile for profile in profiles}
    if len(by_code) < len(profiles):
        raise ImproperlyConfigured("MYPOLIS_MARKETS: a market is listed twice")
    return by_code


def market(code: str) -> Profile:
    """Return the profile of a market. Raises KeyError if this deployment does not serve it."""
    return all_markets()[code]


def market_codes() -> tuple[str, ...]:
    """The codes of the served markets, in order."""
    return tuple(all_markets())


def _load(name: str) -> Profile:
    module_name = BUILT_IN.get(name, name)
    try:
        profile = import_module(module_name).PROFILE
    except (ImportError, AttributeError) as error:
        known = ", ".join(BUILT_IN)
        raise ImproperlyConfigured(
            f"MYPOLIS_MARKETS: {name!r} is neither one of {known} nor a package with a PROFILE"
        ) from error
    if not isinstance(profile, Profile):
        raise ImproperlyConfigured(f"MYPOLIS_MARKETS: PROFILE of {name!r} is not a market profile")
    return profile
