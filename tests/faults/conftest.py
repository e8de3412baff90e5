"""The long tests of this folder are for `make faults` alone."""

import os

collect_ignore = [] if os.environ.get("FAULTS") else ["test_one_fault.py"]
