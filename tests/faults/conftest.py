"""Runs the long tests of this folder only with `make faults`."""

import os

collect_ignore = [] if os.environ.get("FAULTS") else ["test_one_fault.py"]
