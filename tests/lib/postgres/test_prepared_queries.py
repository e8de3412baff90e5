"""A prepared query gives the same result as Django's, and no run affects the next one."""

from datetime import date

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from mypolis.foundation.lib.postgres.prepared_queries import Prepared, one_of, place
from mypolis.membership.people.models import Membership, Person
from tests.cast import ANNA, BUDI, JELENA, on_file
from tests.clock import TODAY

BY_NAME = Prepared(lambda: Person.objects.filter(given_name=place("name")))
BY_MARKETS = Prepared(lambda: Person.objects.filter(one_of("market", "markets")).order_by("-market"))
COVERED = Prepared(lambda: Membership.objects.in_force_on(place("day")).select_related("person", "policy"))
LOCKED = Prepared(lambda: Person.objects.filter(market=place("market")).select_for_update())


def test_each_run_has_its_own_values(db: None) -> None:
    on_file(ANNA)
    on_file(BUDI)
    for somebody in (ANNA, BUDI, ANNA):
        found = BY_NAME.first(name=somebody.given_name)
        assert found is not None
        assert found.given_name == somebody.given_name
    assert BY_NAME.first(name="nobody") is None
    assert BY_NAME.all(name=None) == []
    assert [BY_NAME.exists(name=name) for name in (BUDI.given_name, "nobody")] == [True, False]


def test_a_list_is_one_value(db: None) -> None:
    for somebody in (ANNA, BUDI, JELENA):
        on_file(somebody)
    assert [person.market for person in BY_MARKETS.all(markets=["id", "rs"])] == ["rs", "id"]
    assert BY_MARKETS.all(markets=[]) == []


def test_related_rows_come_along_and_sealed_values_are_opened(db: None) -> None:
    person = on_file(JELENA)
    with CaptureQueriesContext(connection) as asked:
        (row,) = COVERED.all(day=TODAY)
        assert (row.person, row.person.national_id) == (person, JELENA.national_id)
        assert row.policy.number == JELENA.policy_number
    assert len(asked) == 1
    assert COVERED.all(day=date(1990, 1, 1)) == []


def test_a_value_that_is_missing_is_an_error(db: None) -> None:
    with pytest.raises(KeyError):
        BY_NAME.first(given_name="Ana")


@pytest.mark.django_db(transaction=True)
def test_a_lock_needs_a_transaction() -> None:
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        LOCKED.all(market="rs")
    assert "FOR UPDATE" in asked[0]["sql"]
    with pytest.raises(TransactionManagementError):
        LOCKED.all(market="rs")
