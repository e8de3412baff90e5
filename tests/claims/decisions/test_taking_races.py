"""Claims at the same moment, in two real connections: together they never take more than there is."""

from pathlib import Path

import pytest
from django.db import connection

from mypolis.foundation.events import SYSTEM
from mypolis.insurance.claims.decisions.by_rules import adjudicate_claims
from mypolis.insurance.claims.decisions.ledger import release, reserve, settle
from mypolis.insurance.claims.lifecycle.states import State
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.coverage.ledger.balance_check import verify
from mypolis.insurance.coverage.models import Balance
from tests.claims.decisions.stored import bill, claimed
from tests.coverage.books import loaded
from tests.coverage.members import insured
from tests.journeys.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _book(transactional_db: None, tmp_path: Path) -> None:
    loaded(tmp_path)


def test_two_claims_of_a_family_at_once_never_exceed_its_limit() -> None:
    """Example 7 of the design: whichever comes second gets what is left."""
    claims = [claimed(insured(name, family="E1"), bill(250), benefit="teeth") for name in ("Budi", "Siti")]
    reserved = at_once(*(lambda one=one: reserve(claim=one, by=SYSTEM).granted for one in claims))
    assert sorted(reserved) == [100, 200]
    used = at_once(*(lambda one=one: settle(claim=one, number=1, by=SYSTEM).granted for one in claims))
    assert sum(used) == 300
    assert sum(row.used_amount for row in Balance.objects.all()) == 300
    assert verify() == 0


def test_many_claims_that_are_sent_and_withdrawn_at_once_leave_nothing_reserved() -> None:
    family = [insured(f"Member {number}", family="E1") for number in range(3)]
    claims = [claimed(one, bill(90), benefit="teeth") for one in family * 2]

    def send_and_withdraw(claim: Claim) -> None:
        reserve(claim=claim, by=SYSTEM)
        release(claim=claim, by=SYSTEM)

    at_once(*(lambda one=one: send_and_withdraw(one) for one in claims))
    assert all(row.reserved_amount == 0 for row in Balance.objects.all())
    assert verify() == 0


@pytest.mark.parametrize("numbers", [("C-1", "C-2"), ()])
def test_a_claim_that_somebody_is_changing_is_left_to_them_and_reported(numbers: tuple[str, ...]) -> None:
    for number in ("C-1", "C-2"):
        claimed(insured(f"Member {number}"), bill(100), number=number, state=State.RECEIVED)
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT 1 FROM claims_claim WHERE number = 'C-1' FOR UPDATE")
        report = adjudicate_claims(market="id", by=SYSTEM, numbers=numbers)
    finally:
        other.close()
    assert (report.decided, report.undecided) == (1, {"C-1": "not_ready"})
