"""Runs the tests that need a disk of their own only with `make faults`."""

import os

from tests.files.conftest import clamd_socket, gate

__all__ = ["clamd_socket", "gate"]

collect_ignore = [] if os.environ.get("FAULTS") else ["test_full_disk.py"]
