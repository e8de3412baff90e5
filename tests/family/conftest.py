from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest

from mypolis.membership.people.models import Person
from tests.clock import beginning_at
from tests.family.consenting import relative
from tests.family.home import Asker, account, aged, insure, person, policy


@pytest.fixture(autouse=True)
def birthdays_exist() -> Iterator[None]:
    """Move tests near 29 February to 2 March: there was none eighteen years earlier, so nobody was born on it."""
    today = datetime.now(UTC).date()
    near = [today + timedelta(days=number) for number in range(-1, 40)]
    leap_day = next((day for day in near if (day.month, day.day) == (2, 29)), None)
    after = leap_day and datetime(leap_day.year, 3, 2, 12, tzinfo=UTC)
    with beginning_at(after) if after else nullcontext():
        yield


@pytest.fixture
def vera() -> Asker:
    """The giver of mandates: an adult with a policy of her own."""
    who = person("Vera", aged(70), surname="Ilić")
    insure(who, policy("V-1"), "policyholder")
    return Asker(account(who))


@pytest.fixture
def goran() -> Asker:
    """Her proxy: an adult insured on another policy."""
    who = person("Goran", aged(46), surname="Babić")
    insure(who, policy("G-1"), "policyholder")
    return Asker(account(who))


@pytest.fixture
def mira() -> Asker:
    """A woman who holds a policy."""
    who = person("Mira", aged(44))
    insure(who, policy(), "policyholder")
    return Asker(account(who))


@pytest.fixture
def dragan(mira: Asker) -> Person:
    """Her husband, on her policy, without an account."""
    return relative("Dragan", 50)
