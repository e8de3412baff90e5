"""`-p tests.below_http`: only tests that ask nothing over HTTP, for `make calendar`.

A test is left out when it, its fixtures, or a module of tests that they take anything from, knows the test client or
starts processes. So nobody keeps a list, and a new test is sorted by itself.
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
    """Leave out what is above."""
    below = [item for item in items if isinstance(item, pytest.Function) and not asks_http(item)]
    kept = set(below)
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = below


def asks_http(test: pytest.Function) -> bool:
    """Whether a test may ask over HTTP, or start a process."""
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
