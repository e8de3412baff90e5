"""Ten claims, each disturbed at another point: what was acknowledged exists, once, and can be read."""

from pathlib import Path

import pytest

from tests.faults.claims.kills import KILLS
from tests.faults.claims.ledger import differences
from tests.faults.claims.place import place_with
from tests.files.clamd import Gate


@pytest.mark.long
@pytest.mark.xdist_group("faults")
def test_a_kill_at_any_point_loses_nothing_and_doubles_nothing(tmp_path: Path, gate: Gate) -> None:
    with place_with(tmp_path, gate, members=2) as place:
        for kill in KILLS:
            kill(place)
        place.settle()
        assert len(place.claimants) == len(KILLS)
        assert place.reserved_by_member() == place.expected_by_member()
        place.core.decide_all(len(KILLS))
        place.settle()
        assert differences(place.world, place.claimants, place.core) == []
        assert '"event": "request.failed"' not in place.world.log
