"""The ledger: entries granted within limits, released, repeated, and never changed."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.models import Event
from mypolis.insurance.coverage.ledger.balance_check import mend, verify
from mypolis.insurance.coverage.ledger.entries import LedgerError, Written, release, reserve, reverse, settle, use
from mypolis.insurance.coverage.models import Balance, Entry
from tests.cast import AYU
from tests.coverage.books import GOLD, HEALTH, loaded
from tests.coverage.members import ask, days_after, ids, insured, reserved, used

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _book(db: None, tmp_path: Path) -> None:
    loaded(tmp_path)


def granted(*written: object) -> list[int]:
    """The granted amounts."""
    return [int(one.entry.amount) for one in written]  # type: ignore[attr-defined]


def test_a_reserve_and_a_use_draw_on_the_same_limit() -> None:
    budi = insured()
    assert granted(reserved(budi, "drugs", 500), used(budi, "drugs", 500)) == [500, 100]
    cut = Entry.objects.get(kind="use")
    assert (cut.requested_amount, cut.amount, cut.cut_by) == (500, 100, "drugs.year.amount")


def test_the_limits_of_a_benefit_and_of_its_group_both_hold() -> None:
    budi = insured()
    visits = [used(budi, "doctor", 250, visit=f"V{number}") for number in range(3)]
    assert granted(*visits) == [200, 200, 200]
    assert granted(used(budi, "drugs", 600), used(budi, "drugs", 1)) == [400, 0]


def test_two_lines_of_one_visit_share_the_limit_of_the_visit() -> None:
    budi = insured()
    lines = [used(budi, "doctor", 150, visit="V1"), used(budi, "doctor", 150, visit="V1"), used(budi, "doctor", 150)]
    assert granted(*lines) == [150, 50, 150]


def test_days_of_a_room_are_counted_by_the_case() -> None:
    budi = insured()
    bills = [used(budi, "room", 120, day=days_after(number), case="C") for number in range(4)]
    assert granted(*bills) == [100, 100, 100, 0]


def test_a_birth_in_the_waiting_period_is_recorded_and_not_paid() -> None:
    budi = insured(start=date(2026, 1, 1))
    early, late = (
        used(budi, "birth", 400, count=1, day=date(2026, 5, 1), pregnancy="P1"),
        used(budi, "birth", 400, count=1, day=date(2026, 12, 1), pregnancy="P2"),
    )
    assert granted(early, late) == [0, 400]
    assert early.entry.cut_by == "waiting"


def test_a_limit_in_all_remembers_earlier_years() -> None:
    budi = insured(start=date(2020, 1, 1))
    budi.policy.start = date(2020, 1, 1)
    budi.policy.save()
    births = [
        used(budi, "birth", 100, count=1, day=date(year, 12, 1), pregnancy=str(year)) for year in (2022, 2024, 2026)
    ]
    assert [one.entry.count for one in births] == [1, 1, 0]


def test_a_family_shares_what_is_the_familys_and_strangers_on_the_policy_do_not() -> None:
    budi, siti, other = insured("Budi", family="E1"), insured("Siti", family="E1"), insured("Agus", family="E2")
    alone = insured("Sri")
    lines = [used(one, "teeth", 200) for one in (budi, siti, other, alone)]
    assert granted(*lines) == [200, 100, 200, 200]


def test_all_who_stand_on_an_individual_policy_are_a_family() -> None:
    ayu = insured("Ayu", somebody=AYU)
    child = insured("Dewi", somebody=AYU)
    child.employee_number = ""
    assert granted(used(ayu, "teeth", 200), used(child, "teeth", 200)) == [200, 100]


def test_a_new_year_is_whole_again() -> None:
    budi = insured()
    lines = [used(budi, "drugs", 600, day=day) for day in (date(2026, 12, 31), date(2027, 1, 1), date(2026, 12, 30))]
    assert granted(*lines) == [600, 600, 0]


def test_a_year_by_the_policy_begins_on_its_anniversary(tmp_path: Path) -> None:
    loaded(tmp_path, ((*HEALTH, "year"), "policy"))
    budi = insured()
    budi.policy.start = date(2024, 3, 17)
    budi.policy.save()
    days = (date(2026, 3, 16), date(2026, 3, 17), date(2026, 3, 31), date(2025, 3, 20), date(2027, 3, 16))
    assert granted(*(used(budi, "drugs", 350, day=day) for day in days)) == [350, 350, 250, 250, 0]


def test_when_a_policy_is_found_to_have_begun_earlier_its_years_move_and_nothing_is_lost(tmp_path: Path) -> None:
    loaded(tmp_path, ((*HEALTH, "year"), "policy"))
    budi = insured()
    assert granted(used(budi, "drugs", 350, day=date(2026, 1, 10))) == [350]
    budi.policy.start = date(2023, 11, 20)
    budi.policy.save()
    assert granted(used(budi, "drugs", 600, day=date(2025, 12, 1))) == [250]


def test_what_was_used_stays_counted_when_the_plan_changes_in_mid_year(tmp_path: Path) -> None:
    budi = insured()
    used(budi, "drugs", 500)
    budi.plan = "Bare"
    budi.save()
    used(budi, "doctor", 300)
    assert granted(used(budi, "doctor", 300)) == [100]
    loaded(tmp_path, ((*GOLD, "benefits", "drugs", "limits", 0, "amount"), 700), (("effective",), "2026-07-01"))
    budi.plan = "Gold"
    budi.save()
    assert granted(used(budi, "drugs", 300, day=date(2026, 8, 1))) == [100], "1000 for both, of which 900 are used"


def test_a_release_gives_back_exactly_what_is_left_of_a_reservation() -> None:
    budi = insured()
    reservation = reserved(budi, "drugs", 500).entry
    parts = [
        release(reservation=reservation, external_id=ids(), by=SYSTEM, amount=Decimal(200)),
        release(reservation=reservation, external_id=ids(), by=SYSTEM, amount=Decimal(900)),
        release(reservation=reservation, external_id=ids(), by=SYSTEM),
    ]
    assert granted(*parts) == [200, 300, 0]
    assert granted(reserved(budi, "drugs", 700)) == [600]


def test_a_settled_reservation_is_replaced_by_what_was_used() -> None:
    budi = insured()
    reservation = reserved(budi, "drugs", 500).entry
    for _time in range(2):
        done = settle(reservation=reservation, amount=Decimal(320), count=0, external_id="paid", by=SYSTEM)
    assert (int(done.entry.amount), done.is_new) == (320, False)
    balance = Balance.objects.get()
    assert (balance.reserved_amount, balance.used_amount) == (0, 320)
    assert granted(reserved(budi, "drugs", 600)) == [280]


def test_a_settlement_for_more_than_was_reserved_is_cut_to_what_the_limit_has() -> None:
    budi = insured()
    reservation = reserved(budi, "drugs", 500).entry
    assert granted(settle(reservation=reservation, amount=Decimal(800), count=0, external_id="paid", by=SYSTEM)) == [
        600
    ]


def test_a_reversed_use_is_free_again() -> None:
    budi = insured()
    entry = used(budi, "drugs", 600).entry
    reverse(used=entry, external_id=ids(), by=SYSTEM)
    assert granted(used(budi, "drugs", 600)) == [600]


def test_the_same_request_again_is_the_same_entry_and_another_under_its_id_is_refused() -> None:
    budi = insured()
    request = ask(budi, "drugs", 500)
    first = reserve(membership=budi, ask=request, external_id="a", by=SYSTEM)
    again = reserve(membership=budi, ask=request, external_id="a", by=SYSTEM)
    assert (again.entry.pk, again.is_new) == (first.entry.pk, False)
    with pytest.raises(LedgerError, match="id_reused"):
        reserve(membership=budi, ask=ask(budi, "drugs", 501), external_id="a", by=SYSTEM)
    assert Balance.objects.get().reserved_amount == 500
    assert Event.objects.filter(kind="cover.entry_written").count() == 1


@pytest.mark.parametrize(
    ("first", "other"),
    [
        ({"amount": Decimal(200)}, {"amount": Decimal(201)}),
        ({"amount": Decimal(200)}, {"amount": Decimal(200), "count": 1}),
        ({"amount": Decimal(200)}, {}),
        ({"amount": Decimal(900)}, {"amount": Decimal(500)}),
        ({"amount": Decimal(900)}, {}),
        ({}, {"amount": Decimal(200)}),
    ],
    ids=[
        "amount",
        "count",
        "all in place of a part",
        "cut alike",
        "all in place of too much",
        "a part in place of all",
    ],
)
@pytest.mark.parametrize("kind", ["release", "reverse"])
def test_what_is_given_back_under_an_id_that_is_known_is_the_same_or_refused(
    kind: str, first: dict[str, Any], other: dict[str, Any]
) -> None:
    give_back = GIVE_BACK[kind]
    source = (reserved if kind == "release" else used)(insured(), "drugs", 500).entry
    written = give_back(source, external_id="a", by=SYSTEM, **first)
    give_back(source, external_id="b", by=SYSTEM, amount=Decimal(10))
    again = give_back(source, external_id="a", by=SYSTEM, **first)
    assert (again.entry.pk, again.is_new) == (written.entry.pk, False)
    before = list(Balance.objects.values())
    with pytest.raises(LedgerError, match="id_reused"):
        give_back(source, external_id="a", by=SYSTEM, **other)
    assert list(Balance.objects.values()) == before


def test_giving_back_all_and_giving_back_as_much_as_that_are_the_same_request() -> None:
    reservation = reserved(insured(), "drugs", 500).entry
    release(reservation=reservation, external_id="a", by=SYSTEM)
    assert not release(reservation=reservation, external_id="a", by=SYSTEM, amount=Decimal(500), count=0).is_new


def test_an_id_of_one_reservation_is_not_that_of_another_that_is_alike() -> None:
    budi = insured()
    one, two = reserved(budi, "drugs", 100).entry, reserved(budi, "drugs", 100).entry
    settle(reservation=one, amount=Decimal(100), count=0, external_id="paid", by=SYSTEM)
    with pytest.raises(LedgerError, match="id_reused"):
        settle(reservation=two, amount=Decimal(100), count=0, external_id="paid", by=SYSTEM)
    with pytest.raises(LedgerError, match="id_reused"):
        use(membership=budi, ask=ask(budi, "drugs", 100), external_id="paid", by=SYSTEM)
    with pytest.raises(LedgerError, match="id_reused"):
        release(reservation=two, external_id="paid/release", by=SYSTEM)
    assert verify() == 0


GIVE_BACK: dict[str, Callable[..., Written]] = {
    "release": lambda entry, **more: release(reservation=entry, **more),
    "reverse": lambda entry, **more: reverse(used=entry, **more),
}


@pytest.mark.parametrize(
    ("plan", "benefit", "code"), [("Diamond", "drugs", "no_plan"), ("Bare", "drugs", "not_in_plan")]
)
def test_nothing_is_written_for_a_plan_or_a_benefit_that_is_not_known(plan: str, benefit: str, code: str) -> None:
    budi = insured(plan=plan)
    with pytest.raises(LedgerError, match=code):
        reserved(budi, benefit, 5)
    assert not Entry.objects.exists()


@pytest.mark.parametrize("change", ["UPDATE coverage_entry SET amount = 0", "DELETE FROM coverage_entry"])
def test_the_ledger_is_never_changed(change: str) -> None:
    entry = reserved(insured(), "drugs", 500).entry
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    with pytest.raises(TypeError, match="append-only"):
        entry.delete()


def test_the_database_refuses_what_is_negative() -> None:
    entry = reserved(insured(), "drugs", 500).entry
    entry.pk, entry.external_id, entry.amount = None, "other", Decimal(-5)
    with pytest.raises(IntegrityError, match="entry_not_negative"), transaction.atomic():
        entry.save(force_insert=True)


def test_verify_finds_a_balance_that_is_not_the_sum_of_its_entries_and_mends_it() -> None:
    budi = insured()
    reserved(budi, "drugs", 500)
    used(budi, "doctor", 100, day=date(2026, 4, 1))
    assert verify() == 0
    Balance.objects.filter(benefit="drugs").update(reserved_amount=1)
    Balance.objects.filter(benefit="doctor").delete()
    assert verify() == 3, "one balance is stored and due with different values, the other is missing"
    assert mend(by=SYSTEM) == 3
    assert (verify(), mend(by=SYSTEM)) == (0, 0)
    assert Balance.objects.get(benefit="drugs").reserved_amount == 500
