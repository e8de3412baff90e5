"""The ways to register, as a market's landing page shows them: who can use each, and what they need."""

from dataclasses import dataclass

from django.urls import reverse

from mypolis.foundation.journeys.definitions import registry
from mypolis.foundation.journeys.definitions.steps import Definition
from mypolis.foundation.markets import Profile
from mypolis.foundation.markets.profile import Text


@dataclass(frozen=True)
class WayIn:
    """One way; without a URL if it starts elsewhere, such as with an invitation link."""

    title: Text
    about: Text
    url: str


def ways_in(profile: Profile) -> list[WayIn]:
    """Every way to register in a market, in the order of declaration."""
    journeys = registry.definitions().get((profile.code, "register"), ())
    return [way for journey in journeys for way in _ways_of(journey, profile)]


def _ways_of(journey: Definition, profile: Profile) -> list[WayIn]:
    if journey.asks_way:
        kinds = [kind for kind in profile.policy_types if kind.key in journey.ways]
        return [WayIn(kind.label, kind.about, reverse("register-way", args=[profile.code, kind.key])) for kind in kinds]
    url = "" if journey.begin else reverse("register-way", args=[profile.code, journey.ways[0]])
    return [WayIn(journey.title, journey.about, url)]
