from collections.abc import Callable

import pytest
from django.test import Client

from tests.api.talk import Talk


@pytest.fixture
def talk(client: Client, db: None) -> Callable[[str], Talk]:
    """A client of a market's API."""
    return lambda market: Talk(client, market)
