"""`-p tests.below_http`: runs only tests that send no HTTP requests, for `make calendar`.

A test is left out if it, its fixtures, or test modules from which they import, use the test client or start processes.
So nobody needs to maintain a list.
"""

import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from types import ModuleType

import pytest
from django.test import Client

HTTP_FIXTURES = {"client", "async_client", "live_server", "door"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out tests that send HTTP requests."""
    below = [item for item in items if isinstance(item, pytest.Function) and not asks_http(item)]
    kept = set(below)
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = below


def asks_http(test: pytest.Function) -> bool:
    """Whether a test may send HTTP requests or start a process."""
    if HTTP_FIXTURES & set(test.fixturenames):
        return True
    fixtures = [found.func for many in test._fixtureinfo.name2fixturedefs.values() for found in many]
    modules = {test.module.__name__, *(function.__module__ for function in fixtures)}
    return any(_knows_http(name) for name in modules if name.startswith("tests.") and name != "tests.conftest")


@cache
def _knows_http(name: str) -> bool:
    module = sys.modules.get(name)
    if module is None:
        return False
    return any(_is_way_out(value) for value in vars(module).values()) or any(map(_knows_http, _taken_from(module)))


def _is_way_out(value: object) -> bool:
    return value is subprocess or (isinstance(value, type) and issubclass(value, Client))


def _taken_from(module: ModuleType) -> Iterator[str]:
    for value in vars(module).values():
        other = getattr(value, "__module__", None)
        if isinstance(other, str) and other.startswith("tests.") and other != module.__name__:
            yield other
