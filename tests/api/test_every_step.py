"""Every step of every journey of every market: the document has the right shape, wrong types are refused by name."""

import pytest
from django.test import Client

from mypolis.foundation.journeys.definitions import registry
from tests.api.careful_door import CarefulDoor
from tests.api.talk import MARKETS
from tests.api.walks import WALKS
from tests.post import Post


@pytest.mark.parametrize("market", MARKETS)
def test_wrong_types_are_refused_by_name_at_every_step(client: Client, post: Post, market: str) -> None:
    door = CarefulDoor(client)
    WALKS[market](door, post)
    declared = {
        (kind, step.name)
        for (code, kind), definitions in registry.definitions().items()
        if code == market
        for definition in definitions
        for step in definition.steps
    }
    assert door.seen == declared, "a step that no walk in tests/api/walks.py meets"
