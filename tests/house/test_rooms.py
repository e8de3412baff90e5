"""The import contract is kept, and everything that rooms declare can be loaded."""

import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from mypolis.foundation.journeys.definitions.steps import Definition
from mypolis.foundation.markets.profile import Profile
from mypolis.foundation.markets.registry import BUILT_IN
from mypolis.foundation.rooms.registry import all_rooms, extensions
from tests.house.places import ROOT, assert_none


def test_rooms_import_downwards_only() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_address_has_a_name() -> None:
    nameless = [str(pattern.pattern) for pattern in _patterns(get_resolver()) if not pattern.name]
    assert_none(nameless)


def test_every_room_is_labelled_by_its_folder() -> None:
    ours = [config for config in apps.get_app_configs() if config.name.startswith("mypolis.")]
    assert ours
    assert_none(config.name for config in ours if config.name.rpartition(".")[2] != config.label)


def test_every_page_of_the_desk_names_the_right_that_it_needs() -> None:
    at_the_desk = [
        pattern for pattern in _patterns(get_resolver()) if pattern.name and pattern.name.startswith("desk-")
    ]
    assert_none(str(pattern.name) for pattern in at_the_desk if not hasattr(pattern.callback, "right"))
    assert_none(_under_the_desk_without_its_name(get_resolver()))


def _under_the_desk_without_its_name(resolver: URLResolver, above: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        address = f"{above}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from _under_the_desk_without_its_name(pattern, address)
        elif address.startswith("desk/") and not str(pattern.name).startswith("desk-"):
            yield f"{address}: its name must begin with desk-"


def test_every_market_names_modules_that_declare_journeys() -> None:
    for code, module in BUILT_IN.items():
        profile: Profile = import_module(module).PROFILE
        declared = [journey for place in profile.journeys for journey in import_module(place).JOURNEYS]
        assert {type(journey) for journey in declared} == {Definition}
        assert {journey.market for journey in declared} == {code}


def _patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern)
        else:
            yield pattern


def test_whatever_a_room_adds_to_others_can_be_loaded() -> None:
    added = {point for room in all_rooms() for point in room.extends}
    assert "bank_accounts.returns" in added
    for point in sorted(added):
        assert extensions(point), point
