"""Counts the Argon2 computations of this process and measures their processor time."""

import time
from typing import Any

from argon2 import low_level


class Hashes:
    """Counts the calls of the C library, whatever code or wrapper makes them."""

    def __init__(self) -> None:
        self.count = 0
        self.seconds = 0.0

    def watch(self) -> "Hashes":
        """Start counting."""
        vars(low_level)["lib"] = _Watched(vars(low_level)["lib"], self)
        return self

    def add(self, seconds: float) -> None:
        """Count one computation that took this much processor time."""
        self.count += 1
        self.seconds += seconds


class _Watched:
    """The C library; measures the two functions that compute a hash."""

    def __init__(self, library: Any, hashes: Hashes) -> None:
        self._library, self._hashes = library, hashes

    def __getattr__(self, name: str) -> Any:
        return getattr(self._library, name)

    def argon2_hash(self, *args: Any) -> Any:
        return self._timed(self._library.argon2_hash, args)

    def argon2_verify(self, *args: Any) -> Any:
        return self._timed(self._library.argon2_verify, args)

    def _timed(self, call: Any, args: Any) -> Any:
        began = time.process_time()
        try:
            return call(*args)
        finally:
            self._hashes.add(time.process_time() - began)


HASHES = Hashes().watch()
