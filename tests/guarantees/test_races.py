"""Two people act on one letter, or on one limit, at the same moment, each with a connection of their own."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from mypolis.insurance.coverage.ledger.balance_check import verify
from mypolis.insurance.guarantees.desk.deciding import refuse
from mypolis.insurance.guarantees.desk.refusals import Refused
from mypolis.insurance.guarantees.lifecycle.deciding import NothingToPromise, give, revoke
from mypolis.insurance.guarantees.lifecycle.states import NotAllowed
from mypolis.insurance.guarantees.models import Guarantee, GuaranteeInHand
from mypolis.membership.accounts.models import Account
from tests.claims.world import member
from tests.guarantees.desk_acts import promises, takes
from tests.guarantees.world import DESK, asked, billed, given, reread, reserved_of
from tests.journeys.test_races import at_once
from tests.staff.world import colleague

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def budi(tmp_path: Path, folder: Path) -> Account:
    return member(folder=tmp_path)


def _tried(task: Callable[[], object]) -> str:
    try:
        task()
    except (NotAllowed, NothingToPromise, Refused) as error:
        return type(error).__name__
    return "done"


def test_two_bills_at_once_take_no_more_than_was_promised(budi: Account) -> None:
    found = given(budi, "600")
    claims = at_once(
        lambda: billed(budi, found, "400", id="one"),
        lambda: billed(budi, found, "400", id="two"),
    )
    assert len({claim.pk for claim in claims}) == 2
    assert reserved_of(budi) == Decimal(600)
    assert reread(found).state == "given"
    assert verify() == 0


def test_the_same_bill_twice_at_once_is_one_bill(budi: Account) -> None:
    found = given(budi, "600")
    one, two = at_once(
        lambda: billed(budi, found, "400", id="same", is_last=True),
        lambda: billed(budi, found, "400", id="same", is_last=True),
    )
    assert one.pk == two.pk
    assert (reserved_of(budi), reread(found).state) == (400, "used")


def test_two_letters_at_once_promise_one_limit_once(budi: Account) -> None:
    letters: list[Guarantee] = [asked(budi, "600"), asked(budi, "600")]
    results = at_once(*(lambda one=one: _tried(lambda: give(guarantee=one, by=DESK)) for one in letters))
    assert sorted(results) == ["NothingToPromise", "done"]
    assert reserved_of(budi) == 600


def test_one_letter_is_given_once_by_two_people(budi: Account) -> None:
    found = asked(budi, "600")
    results = at_once(*(lambda: _tried(lambda: give(guarantee=found, by=DESK)) for _person in range(2)))
    assert sorted(results) == ["NotAllowed", "done"]
    assert reserved_of(budi) == 600


def test_two_assessors_at_once_take_one_guarantee_once(budi: Account) -> None:
    found = asked(budi, "600")
    rina, agus = colleague("Rina", "assessor", market="id"), colleague("Agus", "assessor", market="id")
    results = at_once(*(lambda one=one: _tried(lambda: takes(one, found)) for one in (rina, agus)))
    assert sorted(results) == ["Refused", "done"]
    assert GuaranteeInHand.objects.count() == 1


def test_two_assessors_at_once_decide_one_guarantee_once(budi: Account) -> None:
    found = asked(budi, "600")
    rina, agus = colleague("Rina", "assessor", market="id"), colleague("Agus", "assessor", market="id")
    takes(rina, found)

    def take_over_and_refuse() -> None:
        takes(agus, found, over=True)
        refuse(guarantee=found, code="limit_used", reason="", staff=agus.account, by=agus.actor)

    results = at_once(
        lambda: _tried(lambda: promises(rina, found, "600", shown="600")), lambda: _tried(take_over_and_refuse)
    )
    assert sorted(results) == ["Refused", "done"]
    assert (reread(found).state, reserved_of(budi)) in (("given", 600), ("refused", 0))
    assert verify() == 0


def test_a_bill_and_a_revocation_at_once_leave_nothing_reserved_twice(budi: Account) -> None:
    found = given(budi, "600")
    at_once(
        lambda: billed(budi, found, "400", id="one"),
        lambda: revoke(guarantee=found, reason="Cancelled.", by=DESK),
    )
    assert reread(found).state == "revoked"
    assert reserved_of(budi) in (0, 400)
    assert verify() == 0
