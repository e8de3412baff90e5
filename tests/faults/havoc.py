"""Causes faults at random, from a seed: kills processes and lets partners fail."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable

from tests.faults.world import World

type Deed = Callable[[], bool | None]


class Havoc(threading.Thread):
    """Breaks something every few seconds and repairs it, `times` times in total. `done` counts the faults.

    It must end: on a slow machine the next thing breaks before the last one has started again, so that nobody could
    complete an open registration.
    """

    def __init__(self, world: World, seed: int, times: int) -> None:
        super().__init__(name="havoc", daemon=True)
        self._world, self._random, self._times = world, random.Random(seed), times
        self._stop_now = threading.Event()
        self.done: Counter[str] = Counter()
        self.failed: BaseException | None = None

    def run(self) -> None:
        deeds = self._deeds()
        try:
            for _time in range(self._times):
                # First each fault once, then at random.
                fresh = [name for name in deeds if not self.done[name]]
                if self._stop_now.wait(self._random.uniform(1, 2 if fresh else 5)):
                    break
                name = self._random.choice(fresh or list(deeds))
                if deeds[name]() is not False:
                    self.done[name] += 1
                self._world.keep_alive()
        except BaseException as error:
            self.failed = error

    def stop(self) -> None:
        """Stop causing faults, and repair what is broken."""
        self._stop_now.set()
        self.join()
        self._world.partners.be_slow(0)
        self._world.partners.accept()
        self._world.keep_alive()
        if self.failed is not None:
            raise self.failed

    def _deeds(self) -> dict[str, Deed]:
        """Return the faults by name. One that returns False did not happen."""
        return {
            "a process of the web server": self._web_process,
            "the web server": self._web,
            "the worker": self._worker,
            "a session of the database": self._session,
            "the database": self._database,
            "partners": self._partners,
        }

    def _web_process(self) -> None:
        self._world.kill_web_process(self._random.randrange(100))

    def _web(self) -> None:
        self._world.kill_web()

    def _worker(self) -> None:
        self._world.kill_worker()
        time.sleep(self._random.uniform(0, 2))

    def _session(self) -> None:
        self._world.kill_session(self._random.randrange(100))

    def _database(self) -> None:
        self._world.kill_database()
        time.sleep(self._random.uniform(0, 4))
        self._world.start_database()

    def _partners(self) -> None:
        self._world.partners.be_slow(self._random.choice([0, 0, 0.5]))
        self._world.partners.refuse(self._random.randrange(4))
        time.sleep(self._random.uniform(1, 5))
        self._world.partners.accept()
