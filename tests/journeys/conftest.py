"""The site to which the toy journey leads."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.journeys.toy_site import ToySite, offering, toy


@pytest.fixture
def site(settings: Any, db: None) -> Iterator[ToySite]:
    settings.ROOT_URLCONF = "tests.journeys.toy_urls"
    with ToySite().serving() as site, offering(toy(site)):
        yield site
    assert site.faults == []
