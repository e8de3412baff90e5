"""Property tests do not depend on how busy the machine is."""

import re
import time
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

TESTS = Path(__file__).parents[1]
LIST = re.compile(r"suppress_health_check=\[([^\]]*)\]")


def test_slow_examples_are_no_failure() -> None:
    def slow(number: int) -> int:
        time.sleep(0.4)
        return number

    @settings(max_examples=5, database=None)
    @given(number=st.integers(0, 9).map(slow))
    def check(number: int) -> None:
        assert number < 10

    check()
    assert settings.default is not None
    assert settings.default.deadline is None


def test_no_test_of_its_own_counts_slow_examples_again() -> None:
    files = [path for path in TESTS.rglob("*.py") if path != Path(__file__)]
    lists = [(path.name, found) for path in files for found in LIST.findall(path.read_text(encoding="utf-8"))]
    assert len(lists) > 5
    assert [one for one in lists if "too_slow" not in one[1]] == []
