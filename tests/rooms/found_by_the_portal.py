"""Run by `test_toy_room.py` in a separate process: prints as JSON where the portal finds the toy room."""

import json
import sys
from datetime import UTC, datetime

import django

django.setup()

from django.http import Http404, HttpRequest  # noqa: E402 - Django must be set up first
from django.test import RequestFactory  # noqa: E402
from django.urls import NoReverseMatch, resolve, reverse  # noqa: E402
from procrastinate.contrib.django import app  # noqa: E402

from mypolis import checks  # noqa: E402
from mypolis.cli import _parser  # noqa: E402
from mypolis.doors.api.main import api  # noqa: E402
from mypolis.doors.integrations.rights import partner_rights  # noqa: E402
from mypolis.foundation.events.kinds import all_kinds  # noqa: E402
from mypolis.foundation.files.flows import owners  # noqa: E402
from mypolis.foundation.guards.limits import all_limits, risky_limits  # noqa: E402
from mypolis.foundation.journeys.definitions.vocabulary import vocabulary  # noqa: E402
from mypolis.foundation.journeys.findings import lint_market  # noqa: E402
from mypolis.foundation.keys.reencryption import sealed_columns  # noqa: E402
from mypolis.foundation.markets import all_markets, market  # noqa: E402
from mypolis.foundation.notices.catalogue import catalogue  # noqa: E402
from mypolis.foundation.notices.rendering import _render  # noqa: E402
from mypolis.foundation.rooms import Right, all_rooms, declared, extensions  # noqa: E402
from mypolis.foundation.staff.approvals.kinds import approval_kinds  # noqa: E402
from mypolis.foundation.staff.context import desk_entries, desk_searches  # noqa: E402
from mypolis.foundation.switches.rooms_off import rooms_with_switch  # noqa: E402
from mypolis.foundation.web.monitoring import metrics  # noqa: E402
from mypolis.foundation.web.navigation import all_entries  # noqa: E402

NOW = datetime(2026, 12, 1, tzinfo=UTC)


def address(route: str, *args: str) -> str:
    """Return the URL of a page of the room."""
    try:
        return reverse(route, args=["rs", *args])
    except NoReverseMatch:
        return ""


def words() -> list[str]:
    """Return the room's names that the engine of journeys knows."""
    known = vocabulary()
    findings = "\n".join(lint_market(market("rs")))
    body = api.get_openapi_schema()["components"]["schemas"]["Start"]["properties"]
    places = {
        "journey": "lend-umbrella" in [kind.name for kind in known.journeys],
        "step": "umbrella" in known.steps,
        "field": "umbrella_colour" in known.fields,
        "entry": "umbrella_ticket" in body,
        "example": "lend-umbrella" in body["journey"]["examples"],
        "needed": "no journey 'lend-umbrella'" in findings,
    }
    return [place for place, is_there in places.items() if is_there]


class Staff:
    """Somebody at the desk."""

    pk, name = 1, "Olga"

    def __init__(self, *rights: str) -> None:
        self.rights = rights

    def may(self, right: Right, market: str = "") -> bool:
        """Whether the right was given."""
        return right.name in self.rights

    def roles_in(self, market: str) -> frozenset[str]:
        """The roles in a market."""
        return frozenset()


def desk() -> dict[str, int | str]:
    """Return the status of the room's desk page for each kind of visitor."""
    if not any(room.label == "toy" for room in all_rooms()):
        return {}
    people = {"stranger": None, "without the right": Staff("hats"), "with the right": Staff("umbrellas")}
    return {who: _opened_by(staff) for who, staff in people.items()}


def _opened_by(staff: Staff | None) -> int | str:
    request = RequestFactory().get("/desk/rs/umbrellas/")
    request.staff = staff
    view, args, kwargs = resolve("/desk/rs/umbrellas/")
    try:
        answer = view(request, *args, **kwargs)
    except Http404:
        return 404
    return "3 umbrellas" if "3 umbrellas" in answer.content.decode() else answer.status_code


def command() -> str:
    """Return the output of the room's command."""
    return "count umbrellas" if "umbrellas" in _parser(requested="").format_help() else ""


def mail() -> str:
    """Return the text of the room's message."""
    return _render("umbrella-found.md", {"place": "Sava"}) if "umbrella-found" in catalogue() else ""


def cards() -> list[str]:
    """Return the room's cards on the home page, for a stranger."""
    home = [room for room in all_rooms() if room.label == "toy"]
    return [str(room.load(card.facts)(HttpRequest())) for room in home for card in room.home_cards]


found = {
    "page": address("umbrellas"),
    "journey": address("lend-umbrella"),
    "way": address("lend-umbrella-way", "long"),
    "words": words(),
    "desk": desk(),
    "operation": "/api/v1/{market}/umbrellas" in api.get_openapi_schema()["paths"],
    "command": command(),
    "job": "toy.dry" in app.tasks,
    "event": "umbrella.lost" in all_kinds(),
    "limit": "umbrellas" in [limit.name for limit in all_limits()],
    "risk": "umbrellas" in [limit.name for limit, _most in risky_limits()],
    "mail": mail(),
    "right": partner_rights().get("umbrellas", ""),
    "entry": "umbrellas" in [entry.route for entry in all_entries()],
    "cards": cards(),
    "waits": [source.__name__ for source in declared("waiting") if source.__module__.startswith("tests.")],
    "bounces": [mark.__name__ for mark in declared("bounces") if mark.__module__.startswith("tests.")],
    "demo_data": [fill.__name__ for fill in declared("demo_data") if fill.__module__.startswith("tests.")],
    "sealed": "toy.Umbrella.owner" in [field.context for field in sealed_columns()],
    "owner": "toy.umbrella" in owners(),
    "short_lived": "umbrellas" in [name for source in declared("short_lived") for name, _rows in source(NOW)],
    "kept": [kept.what for room in all_rooms() for kept in room.retention if kept.job == "toy.dry"],
    "findings": [finding for finding in checks.findings_about(list(all_markets().values())) if "umbrella" in finding],
    "figure": "toy_umbrellas 3.0" in metrics.generate_latest(metrics._everything()).decode(),
    "desk_search": "Find an umbrella" in [one.label for one in desk_searches()],
    "desk_entry": "desk-umbrellas" in [entry.route for entry in desk_entries()],
    "desk_cards": [card.facts for room in all_rooms() if room.label == "toy" for card in room.desk_cards],
    "switch": "toy" in rooms_with_switch(),
    "approval": "lend-umbrella" in approval_kinds(),
    "section": [section.place for section in extensions("coverage.policy_sections")],
}
sys.stdout.write(json.dumps(found))
