from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest

from tests.clock import beginning_at
from tests.family.home import Asker, account, aged, person, policy, stands


@pytest.fixture(autouse=True)
def birthdays_exist() -> Iterator[None]:
    """Nobody comes of age on 29 February, 18 years after no leap year: tests near that day happen after it."""
    today = datetime.now(UTC).date()
    near = [today + timedelta(days=number) for number in range(-1, 40)]
    leap_day = next((day for day in near if (day.month, day.day) == (2, 29)), None)
    after = leap_day and datetime(leap_day.year, 3, 2, 12, tzinfo=UTC)
    with beginning_at(after) if after else nullcontext():
        yield


@pytest.fixture
def vera() -> Asker:
    """Who gives: a grown woman with a policy of her own."""
    who = person("Vera", aged(70), surname="Ilić")
    stands(who, policy("V-1"), "policyholder")
    return Asker(account(who))


@pytest.fixture
def goran() -> Asker:
    """Whom she trusts: insured on another policy."""
    who = person("Goran", aged(46), surname="Babić")
    stands(who, policy("G-1"), "policyholder")
    return Asker(account(who))
