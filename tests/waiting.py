"""Waiting for other processes and threads, only as long as they take. `tests/house/test_waiting.py` has the rule."""

import time
from collections.abc import Callable

PATIENCE_SECONDS = 300


def until(is_so: Callable[[], object], *, every: float = 0.02, otherwise: Callable[[], str] = str) -> None:
    """Check a condition every few milliseconds until it holds. If it never does, fail with what `otherwise` gives."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, f"waited {PATIENCE_SECONDS} seconds in vain. {otherwise()}"
        time.sleep(every)


def until_the_next_second() -> None:
    """Wait until the clock shows another second. Some codes are the same if they are made in the same second."""
    time.sleep(1.01 - time.time() % 1)
