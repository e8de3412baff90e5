"""A deployment with a scanner, members and a core system, and how to wait until it has done everything."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.claims import ledger
from tests.faults.claims.client import Claimant
from tests.faults.claims.core import Core
from tests.faults.claims.members import GRANTED, OF_A_YEAR, Member, Paper, members_of, papers
from tests.faults.partners import Partners
from tests.faults.world import World
from tests.files.clamd import Gate
from tests.waiting import until

_AGED_FILES = """
    UPDATE files_receivedfile SET received_at = now() - interval '1 hour' WHERE state = 'checking' RETURNING id
"""
_WITHOUT_JOB = """
    SELECT count(*) FROM files_receivedfile f WHERE state = 'checking' AND NOT EXISTS (
      SELECT FROM procrastinate_jobs j WHERE j.queueing_lock = f.id::text AND j.status IN ('todo', 'doing')
    )
"""
_RESERVED = "SELECT membership_id, sum(amount) FROM coverage_entry WHERE kind = 'reserve' GROUP BY 1"
_AGED_WORKERS = "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour' RETURNING id"


class Place:
    """The deployment `world`, the scanner `gate`, the `members`, and the `core` system.

    `claimants` are those whose claims were acknowledged.
    """

    def __init__(self, world: World, gate: Gate, members: list[Member], core: Core) -> None:
        self.world, self.gate, self.core = world, gate, core
        self.claimants: list[Claimant] = []
        self.members = members

    def next_member(self) -> Member:
        """Return whoever makes the next claim."""
        return self.members[len(self.claimants) % len(self.members)]

    def next_papers(self, count: int = 1) -> list[Paper]:
        """Return the files of the next claim."""
        return papers(len(self.claimants), count)

    def reserved_by_member(self) -> dict[str, int]:
        """Return what claims reserved, by membership."""
        return {str(key): int(amount) for key, amount in self.world.rows(_RESERVED)}

    def expected_by_member(self) -> dict[str, int]:
        """Return what they should have reserved before any of them is decided."""
        claims = Counter(one.member.membership for one in self.claimants)
        return {key: min(OF_A_YEAR, count * GRANTED) for key, count in claims.items()}

    def settle(self) -> None:
        """Wait until no file is being checked, and no job or message is left."""
        until(self._is_settled, every=0.2, otherwise=lambda: f"{ledger.unsettled(self.world)} {self.world.log[-3000:]}")

    def _is_settled(self) -> bool:
        self.world.keep_alive()
        if self.world.rows(_WITHOUT_JOB)[0][0]:
            # What the portal does every minute for files that wait longer than half a minute.
            self.world.rows(_AGED_FILES)
            self.world.script("from mypolis.foundation.files.jobs import check_waiting\ncheck_waiting(timestamp=0)")
        return not ledger.unsettled(self.world)

    def replace_worker(self) -> None:
        """Start a worker in place of the killed one, as if that one had been silent for long."""
        self.world.rows(_AGED_WORKERS)
        self.world.keep_alive()


@contextmanager
def place_with(home: Path, gate: Gate, members: int) -> Iterator[Place]:
    """Run a deployment with so many members in the block."""
    with Partners().serving() as partners, World(home, partners, scanner=gate.url).running() as world:
        found, token = members_of(world, members)
        yield Place(world, gate, found, Core(world, token))
