"""What the room adds to pages of others."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from mypolis.foundation.web.sections import Waiting
from mypolis.insurance.coverage.pages.policy_page import PolicySection
from tests.rooms.toy.models import Umbrella

FILLED: list[str] = []
BOUNCED: list[str] = []
SECTION = PolicySection(90, "toy/home.html", lambda _request, _membership: None)


def umbrellas(_request: HttpRequest) -> dict[str, int]:
    """For the card on home."""
    return {"umbrellas": 3}


def wet(_request: HttpRequest) -> Iterator[Waiting]:
    """What waits for the member."""
    yield Waiting("Your umbrella is wet", "Please shake it.")


def short_lived(_now: datetime) -> list[tuple[str, QuerySet[Any]]]:
    """What a rotation of keys waits for."""
    return [("umbrellas", Umbrella.objects.none())]


def bounced(bounce: Any, _by: Any) -> None:
    """Mail came back."""
    BOUNCED.append(bounce.address)


def findings(profiles: Iterable[Any]) -> Sequence[str]:
    """One finding for each market."""
    return [f"{profile.code}: no umbrella" for profile in profiles]


def figures() -> Iterator[Metric]:
    """How many there are."""
    yield GaugeMetricFamily("toy_umbrellas", "Umbrellas.", value=3)


def fill(profile: Any) -> None:
    """Sample umbrellas."""
    FILLED.append(profile.code)
