"""What limits refuse is counted cheaply: a flood writes seldom, and no refusal waits for another transaction."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from mypolis.foundation.guards import refusals
from mypolis.foundation.guards.models import Refusals
from mypolis.foundation.guards.refusals import note_refusal, refusals_counted, refusals_today
from tests.journeys.test_races import at_once

pytestmark = pytest.mark.django_db


def refused(*limits: str, market: str = "rs") -> None:
    """A request in which these limits refused somebody."""
    with refusals_counted(market=market):
        for limit in limits:
            note_refusal(limit)


def test_without_a_database_the_request_goes_on_and_nothing_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        def cursor(self) -> None:
            raise OperationalError("away")

    with monkeypatch.context() as patch:
        patch.setattr(refusals, "connection", Away())
        refused("three")
    assert refusals_today("rs") == {}


def test_a_refusal_outside_of_a_request_is_not_counted() -> None:
    note_refusal("three")
    refused()
    assert not Refusals.objects.exists()


def test_counts_of_each_market_and_limit_add_up_in_one_row() -> None:
    refused("three", "three", "four")
    refused("three")
    refused("three", market="id")
    refused("five", market="")
    assert refusals_today("rs") == {"three": 3, "four": 1, "five": 1}
    assert refusals_today("id") == {"three": 1, "five": 1}
    assert Refusals.objects.count() == 4


def test_a_flood_is_written_every_few_seconds_by_whatever_request_comes_then(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    now = 1000.0
    monkeypatch.setattr(refusals, "EVERY_SECONDS", 2.0)
    monkeypatch.setattr(refusals.time, "monotonic", lambda: now)
    refused("three")
    with django_assert_num_queries(0):
        for _number in range(500):
            refused("three")
        refused()
    assert refusals_today("rs") == {"three": 1}
    now += 2.0
    with django_assert_num_queries(1):
        refused()
        refused()
    assert refusals_today("rs") == {"three": 501}


@pytest.mark.django_db(transaction=True)
def test_a_refusal_never_waits_for_the_open_transaction_of_another() -> None:
    refused("three")

    def impatient() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '1ms'")
            refused("three", "four")
        finally:
            connection.close()

    with transaction.atomic(), ThreadPoolExecutor(1) as pool:
        list(Refusals.objects.select_for_update())
        pool.submit(impatient).result()
    assert refusals_today("rs") == {"three": 2, "four": 1}
    refused("three")
    assert Counter(Refusals.objects.values_list("limit", flat=True)) == {"three": 2, "four": 1}


@pytest.mark.django_db(transaction=True)
def test_refusals_at_once_are_all_counted() -> None:
    refused("three")
    at_once(*[lambda: refused("three", "four")] * 4)
    assert refusals_today("rs") == {"three": 5, "four": 4}
