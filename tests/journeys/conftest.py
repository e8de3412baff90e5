"""The site to which the toy journey leads."""

from collections.abc import Generator, Iterator
from typing import Any

import pytest

from mypolis.foundation.journeys.definitions import registry
from tests.journeys.toy_site import ToySite, offering, toy

DEFINITIONS = registry.definitions


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Generator[None]:
    """A test that leaves other journeys behind fails here, not in a test of another file."""
    yield
    assert registry.definitions is DEFINITIONS


@pytest.fixture
def site(settings: Any, db: None) -> Iterator[ToySite]:
    settings.ROOT_URLCONF = "tests.journeys.toy_urls"
    with ToySite().serving() as site, offering(toy(site)):
        yield site
    assert site.faults == []
