import pytest
from django.test import Client

from tests.doors import ApiDoor, Door, PageDoor
from tests.post import Post


@pytest.fixture
def post(db: None) -> Post:
    """Where messages arrive."""
    return Post()


@pytest.fixture(params=[PageDoor, ApiDoor], ids=["page", "api"])
def door(request: pytest.FixtureRequest, client: Client, db: None) -> Door:
    """Both ways into every journey."""
    return request.param(client)
