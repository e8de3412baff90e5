"""What the room adds to other rooms."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from mypolis.foundation.staff.approvals.kinds import ApprovalKind
from mypolis.foundation.web.sections import Waiting
from mypolis.insurance.coverage.pages.policy_page import PolicySection
from tests.rooms.toy.models import Umbrella
from tests.rooms.toy.rights import COUNT

FILLED: list[str] = []
BOUNCED: list[str] = []
SECTION = PolicySection(90, "toy/home.html", lambda _request, _membership: None)


def umbrellas(_request: HttpRequest) -> dict[str, int]:
    """The facts for the card on the home page."""
    return {"umbrellas": 3}


def umbrellas_at_desk(_request: HttpRequest, _market: str) -> dict[str, int]:
    """The facts for the card on the desk's start page."""
    return {"umbrellas": 3}


LEND = ApprovalKind(
    name="lend-umbrella",
    title="Lend an umbrella",
    right=COUNT,
    facts=lambda _market, payload: [("Umbrella", str(payload["umbrella"]))],
    apply=lambda _market, _payload, _by: None,
    concerns=lambda _market, _payload, _staff: False,
)


def wet(_request: HttpRequest) -> Iterator[Waiting]:
    """The member's tasks."""
    yield Waiting("Your umbrella is wet", "Please shake it.")


def short_lived(_now: datetime) -> list[tuple[str, QuerySet[Any]]]:
    """The values for which a key rotation waits."""
    return [("umbrellas", Umbrella.objects.none())]


def bounced(bounce: Any, _by: Any) -> None:
    """Called for a bounced mail."""
    BOUNCED.append(bounce.address)


def findings(profiles: Iterable[Any]) -> Sequence[str]:
    """One finding for each market."""
    return [f"{profile.code}: no umbrella" for profile in profiles]


def figures() -> Iterator[Metric]:
    """The metrics of the room."""
    yield GaugeMetricFamily("toy_umbrellas", "Umbrellas.", value=3)


def fill(profile: Any) -> None:
    """Sample umbrellas."""
    FILLED.append(profile.code)
