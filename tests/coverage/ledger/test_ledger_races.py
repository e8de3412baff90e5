"""Claims at the same moment: one is cut to what is left, none is lost, and both are recorded."""

from pathlib import Path

import pytest

from mypolis.foundation.events import SYSTEM
from mypolis.insurance.coverage.ledger.arithmetic import Ask
from mypolis.insurance.coverage.ledger.balance_check import verify
from mypolis.insurance.coverage.ledger.entries import LedgerError, Written, reserve
from mypolis.insurance.coverage.models import Balance, Entry
from mypolis.membership.people.models import Membership
from tests.coverage.books import loaded
from tests.coverage.members import ask, insured, reserved
from tests.journeys.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _book(transactional_db: None, tmp_path: Path) -> None:
    loaded(tmp_path)


def both(first: Membership, second: Membership, benefit: str, amount: int) -> list[int]:
    """Make two claims at once. Returns what each was granted, the larger first."""
    written = at_once(lambda: reserved(first, benefit, amount), lambda: reserved(second, benefit, amount))
    return sorted((int(one.entry.amount) for one in written), reverse=True)


def test_two_claims_of_one_member_do_not_overdraw_a_limit() -> None:
    budi = insured()
    assert both(budi, budi, "drugs", 400) == [400, 200]
    assert [int(entry.requested_amount) for entry in Entry.objects.all()] == [400, 400]
    assert Balance.objects.get().reserved_amount == 600
    assert verify() == 0


def test_two_claims_of_a_family_do_not_overdraw_its_limit() -> None:
    budi, siti = insured("Budi", family="E1"), insured("Siti", family="E1")
    assert both(budi, siti, "teeth", 200) == [200, 100]
    assert both(siti, budi, "teeth", 200) == [0, 0], "in either order, without a deadlock"


def test_many_claims_at_once_come_to_the_limit_and_no_further() -> None:
    family = [insured(f"Member {number}", family="E1") for number in range(4)]
    written = at_once(*(lambda one=one: reserved(one, "teeth", 70) for one in family * 2))
    assert sum(int(one.entry.amount) for one in written) == 300
    assert Entry.objects.count() == 8
    assert verify() == 0


def test_the_same_request_from_two_sides_is_one_entry() -> None:
    budi = insured()
    request = ask(budi, "drugs", 500)

    def send() -> Written:
        return reserve(membership=budi, ask=request, external_id="same", by=SYSTEM)

    assert sorted(one.is_new for one in at_once(send, send)) == [False, True]
    assert Balance.objects.get().reserved_amount == 500


def test_one_id_from_two_families_is_taken_once_and_refused_once() -> None:
    asked = [ask(insured("Budi"), "drugs", 5), ask(insured("Siti"), "drugs", 5)]
    members = Membership.objects.select_related("policy").in_bulk()

    def send(request: Ask) -> str:
        try:
            reserve(membership=members[request.member], ask=request, external_id="same", by=SYSTEM)
        except LedgerError as error:
            return error.code
        return "taken"

    assert sorted(at_once(*(lambda one=one: send(one) for one in asked))) == ["id_reused", "taken"]
    assert verify() == 0
