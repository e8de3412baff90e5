"""Members make claims while processes are killed at random: what was acknowledged exists, once, and can be read.

`make test-all` runs it with few claims, `make faults` with many. CLAIMS and SEED choose others.
"""

import itertools
import os
import random
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.faults.claims.client import Claimant, Cut
from tests.faults.claims.core import Deciding
from tests.faults.claims.havoc import ClaimHavoc
from tests.faults.claims.ledger import differences
from tests.faults.claims.members import papers
from tests.faults.claims.place import Place, place_with
from tests.files.clamd import Gate

CLAIMS = int(os.environ.get("CLAIMS") or 16)
SEED = int(os.environ.get("SEED") or random.SystemRandom().randrange(1_000_000))
KINDS_OF_KILLS = 8
KILLS = max(KINDS_OF_KILLS, CLAIMS // 4)
AT_ONCE = 8
SPACING_SECONDS = 0.6
PATIENCE_SECONDS = 3600  # only so that it ends if the portal never answers again
MEMBERS = 20


class OnTheWay(Claimant):
    """Sends its files slowly, from a train: some of its requests are cut."""

    dice: random.Random

    def on_bytes(self, sent: int) -> None:
        """Send slowly; sometimes lose the network."""
        time.sleep(self.dice.uniform(0, 0.05))
        if sent and self.dice.random() < 0.01:
            raise Cut


def say(text: str) -> None:
    """Print the progress. pytest shows it if the test fails, or with -s."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


@pytest.mark.long
@pytest.mark.xdist_group("faults")
def test_nothing_acknowledged_is_lost_and_nothing_is_done_twice(tmp_path: Path, gate: Gate) -> None:
    say(f"SEED={SEED} CLAIMS={CLAIMS}")
    with place_with(tmp_path, gate, MEMBERS) as place:
        claimants: list[OnTheWay] = []
        place.core.patience = PATIENCE_SECONDS
        havoc, deciding = ClaimHavoc(place.world, SEED, times=KILLS), Deciding(place.core, CLAIMS)
        began = time.monotonic()
        havoc.start()
        deciding.start()
        try:
            with ThreadPoolExecutor(AT_ONCE) as pool:
                done: list[Future[None]] = []
                for claimant in one_after_another(place, havoc, done):
                    claimants.append(claimant)
                    done.append(pool.submit(claimant.make))
        finally:
            havoc.stop()
        say(f"{len(claimants)} claims in {time.monotonic() - began:.0f} s; killed or failed: {dict(havoc.done)}")
        say(
            f"{sum(one.interrupted for one in claimants)} requests were broken off or put off,"
            f" {sum(one.resumed for one in claimants)} uploads continued"
        )
        assert [str(error) for one in done if (error := one.exception())] == []
        say(f"ready again after {place.world.wait_until_ready():.1f} s")
        assert len(havoc.done) == KINDS_OF_KILLS
        deciding.finish()
        place.core.decide_all(len(claimants))
        place.settle()
        say(f"settled after {time.monotonic() - began:.0f} s")
        assert differences(place.world, claimants, place.core) == []
        assert '"event": "request.failed"' not in place.world.log


def one_after_another(place: Place, havoc: ClaimHavoc, done: list[Future[None]]) -> Iterator[OnTheWay]:
    """Yield the claims distributed over time, so that something fails for each of them.

    On a fast machine they are sent before each kind of fault has happened. Then more follow until it has.
    """
    for number in range(CLAIMS):
        yield on_the_way(place, number)
        time.sleep(SPACING_SECONDS)
    more = itertools.count(CLAIMS)
    while havoc.is_alive() and len(havoc.done) < KINDS_OF_KILLS:
        if not is_busy(done):
            yield on_the_way(place, next(more))
        time.sleep(SPACING_SECONDS)


def is_busy(done: list[Future[None]]) -> bool:
    """Whether as many claims are being made as members make at once."""
    return sum(not one.done() for one in done) >= AT_ONCE


def on_the_way(place: Place, number: int) -> OnTheWay:
    """Return a claim of one to three files."""
    made = OnTheWay(place.world, place.members[number % MEMBERS], papers(number, 1 + number % 3))
    made.patience = PATIENCE_SECONDS
    made.dice = random.Random(f"{SEED}-{number}")
    return made
