"""People register while processes are killed at random: what was confirmed is true, and nothing happens twice.

`make test-all` runs it with few people, `make faults` with many. PEOPLE and SEED choose others.
"""

import os
import random
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.faults.clients import App, Browser, Client
from tests.faults.havoc import Havoc
from tests.faults.ledger import SETTLE_SECONDS, differences, unsettled
from tests.faults.partners import Partners, wait_for
from tests.faults.people import everybody
from tests.faults.world import World

PEOPLE = int(os.environ.get("PEOPLE") or 12)
SEED = int(os.environ.get("SEED") or random.SystemRandom().randrange(1_000_000))
A_LONG_DAY = 100
AT_ONCE = 16
SPACING_SECONDS = 0.6


def say(text: str) -> None:
    """Print the progress. pytest shows it if the test fails, or with -s."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


@pytest.mark.long
@pytest.mark.xdist_group("faults")
def test_nothing_acknowledged_is_lost_and_nothing_is_done_twice(tmp_path: Path) -> None:
    say(f"SEED={SEED} PEOPLE={PEOPLE}")
    with Partners().serving() as partners, World(tmp_path, partners).running() as world:
        clients = load(world)
        havoc = Havoc(world, SEED, times=PEOPLE)
        began = time.monotonic()
        havoc.start()
        try:
            with ThreadPoolExecutor(AT_ONCE) as pool:
                done = [pool.submit(client.register) for client in one_after_another(clients)]
        finally:
            havoc.stop()
        say(f"{len(clients)} people in {time.monotonic() - began:.0f} s; killed or failed: {dict(havoc.done)}")
        say(f"{sum(client.interrupted for client in clients)} requests were broken off or put off")
        assert [str(error) for one in done if (error := one.exception())] == []
        say(f"ready again after {world.wait_until_ready():.1f} s")
        assert len(havoc.done) == 6 or len(clients) < A_LONG_DAY
        settled = wait_for(SETTLE_SECONDS, lambda: not unsettled(world))
        say(f"settled after {time.monotonic() - began:.0f} s")
        assert settled, unsettled(world)
        assert differences(world, clients) == []
        verify(world)
        assert '"event": "request.failed"' not in world.log


def one_after_another(clients: list[Client]) -> Iterator[Client]:
    """Yield the clients distributed over time, so that something fails for each of them."""
    for client in clients:
        yield client
        time.sleep(SPACING_SECONDS)


def load(world: World) -> list[Client]:
    """Load everybody with the real command, and return a client for each person."""
    people = everybody(PEOPLE)
    world.load(people)
    return [(Browser if one.number // 4 % 2 else App)(world, one) for one in people]


def verify(world: World) -> None:
    """Check that the audit trail is complete and sealed to its end."""
    world.script("from mypolis.foundation.events.hash_chain import seal\nwhile seal(): pass")
    told = world.command("events", "verify")
    (events,) = world.rows("SELECT count(*) FROM events_event")[0]
    assert told.startswith(f"{events} events under ")
    assert events > PEOPLE
