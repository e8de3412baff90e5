"""Which texts in a URL are a row's number."""

import pytest

from mypolis.foundation.lib.row_number import row_number


def test_a_number_is_itself() -> None:
    assert row_number("42") == 42


@pytest.mark.parametrize("text", ["", "-1", "1.0", "x", "٣", "²", " 1", "9" * 19])
def test_anything_else_is_the_number_of_no_row(text: str) -> None:
    assert row_number(text) == 0
