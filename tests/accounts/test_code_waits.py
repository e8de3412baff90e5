"""When the next code may be sent, as a rule without a database."""

from datetime import datetime, timedelta

import pytest

from mypolis.membership.accounts.codes.code_waits import next_code_at
from tests.clock import NOON

SENT: list[datetime] = [NOON + timedelta(minutes=number) for number in range(8)]


def test_where_nothing_was_sent_nothing_has_to_wait() -> None:
    """No moment of "now" either: the page would count down from a second that does not exist."""
    assert next_code_at([]) is None
    assert next_code_at(SENT[:1], at_once=1) is None


@pytest.mark.parametrize(("many", "wait"), [(1, 30), (2, 60), (3, 120), (5, 480), (6, 600), (8, 600)])
def test_each_wait_is_twice_the_one_before_and_never_longer_than_ten_minutes(many: int, wait: int) -> None:
    assert next_code_at(SENT[:many]) == SENT[many - 1] + timedelta(seconds=wait)
