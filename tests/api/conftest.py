from collections.abc import Callable

import pytest
from django.test import Client

from tests.api.talk import Talk


@pytest.fixture
def talk(client: Client, db: None) -> Callable[[str], Talk]:
    """Somebody who talks to the API of a market."""
    return lambda market: Talk(client, market)
