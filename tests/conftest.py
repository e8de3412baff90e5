from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.test import Client

from tests.clock import NOON, beginning_at, let_midnight_pass, stopped_at
from tests.doors import ApiDoor, Door, PageDoor
from tests.post import Post


@pytest.fixture(autouse=True)
def one_day() -> None:
    """No test begins so late that its day may end before it does."""
    let_midnight_pass()


@pytest.fixture
def at_noon() -> Iterator[None]:
    """The whole test happens at `tests.clock.NOON`, on the day that is `TODAY`."""
    with beginning_at(NOON):
        yield


@pytest.fixture
def still() -> Iterator[None]:
    """The clock stands still now, for the whole test."""
    with stopped_at(datetime.now(UTC)):
        yield


@pytest.fixture
def post(db: None) -> Post:
    """Where messages arrive."""
    return Post()


@pytest.fixture(params=[PageDoor, ApiDoor], ids=["page", "api"])
def door(request: pytest.FixtureRequest, client: Client, db: None) -> Door:
    """Both ways into every journey."""
    return request.param(client)
