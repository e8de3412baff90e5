"""Decides how much the tests do, and which of them run in the same worker.

`make test` is quick: it leaves out what is marked `long`, tries fewer examples, and sends most cases of a test through
one door. `make test-all` and a direct call of pytest do everything.
"""

import os
from collections.abc import Iterable, Sequence
from typing import Any

import pytest

GROUP = "xdist_group"
QUICK = "MYPOLIS_TESTS_QUICK"  # in the environment, so that workers of pytest-xdist inherit it


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option of `make test`."""
    parser.addoption("--quick", action="store_true", help="leave out long tests, and try fewer examples")


def pytest_configure(config: pytest.Config) -> None:
    """Store the option before any test is imported."""
    if config.getoption("quick"):
        os.environ[QUICK] = "1"


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep tests with a shared fixture together. In a quick run, leave out long tests."""
    share_fixtures_of_modules(items)
    if not is_quick():
        return
    kept = one_door_a_case([item for item in items if not item.get_closest_marker("long")])
    left_out = {*items} - {*kept}
    config.hook.pytest_deselected(items=[item for item in items if item in left_out])
    items[:] = kept


def share_fixtures_of_modules(items: list[pytest.Item]) -> None:
    """Run tests that share a module's fixture in the same worker, because each worker sets it up again."""
    for item in items:
        if isinstance(item, pytest.Function) and _has_module_fixture(item) and not item.get_closest_marker(GROUP):
            item.add_marker(pytest.mark.xdist_group(item.module.__name__))


def _has_module_fixture(test: pytest.Function) -> bool:
    return any(found.scope == "module" for many in test._fixtureinfo.name2fixturedefs.values() for found in many)


def one_door_a_case(items: list[pytest.Item]) -> list[pytest.Item]:
    """Select the cases of tests with both doors: the first case through both doors, each other case through one.

    The doors alternate. Pages and API share forms and flows, so one case shows the differences between them.
    """
    cases: dict[str, list[str]] = {}
    kept = []
    for item in items:
        parameters = (
            dict(item.callspec.params) if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
        )
        door = parameters.pop("door", None)
        if door is not None:
            seen = cases.setdefault(item.nodeid.partition("[")[0], [])
            case = repr(sorted(parameters.items(), key=lambda one: one[0]))
            seen += [] if case in seen else [case]
            number = seen.index(case)
            if number and (door.name == "api") != bool(number % 2):
                continue
        kept.append(item)
    return kept


def is_quick() -> bool:
    """Whether this run is quick."""
    return QUICK in os.environ


def examples(many: int, *, quick: int) -> int:
    """Return how many examples Hypothesis tries."""
    return quick if is_quick() else many


def cases[T](values: Iterable[T], *, quick: Sequence[T]) -> list[Any]:
    """Return test parameters; a quick run uses only some of them."""
    return [pytest.param(value, marks=() if value in quick else pytest.mark.long) for value in values]
