"""The worked examples of the design: plans as members read them, and what a bill comes to."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from mypolis.insurance.coverage.ledger.arithmetic import Ask, Taken
from mypolis.insurance.coverage.plan_books.plan import Limit
from tests.claims.adjudication.bills import benefit, cut, cuts, decided, limit, line, plan, situation, used


def test_1_a_bill_within_the_limit_is_paid_whole() -> None:
    exam = plan([benefit("doctor")], limit("doctor", "year", 120_000))
    (one,) = decided([line(6_000)], situation(exam, {"doctor.year.amount": used(30_000)}))
    assert (one.granted, one.own, one.cuts) == (6_000, 0, ())
    assert [(day.ask.amount, day.granted.amount) for day in one.days] == [(6_000, 6_000)]


def test_2_two_limits_that_cut_are_both_named() -> None:
    specialist = plan([benefit("doctor")], limit("doctor", "visit", 400_000), limit("doctor", "year", 8_750_000))
    (one,) = decided([line(550_000)], situation(specialist, {"doctor.year.amount": used(8_500_000)}))
    assert (one.granted, one.own) == (250_000, 300_000)
    assert cuts(one) == {"limit_visit": 150_000, "limit_year": 150_000}
    assert [day.ask.amount for day in one.days] == [550_000]


@pytest.mark.parametrize(("bill", "cap", "own"), [(45_000_000, 3_000_000, 3_000_000), (1_200_000, 300_000, 120_000)])
def test_3_a_copayment_stops_at_its_cap(bill: int, cap: int, own: int) -> None:
    hospital = plan([benefit("doctor", copayment={"percent": 10, "cap": cap})])
    (one,) = decided([line(bill)], situation(hospital))
    assert (one.granted, one.own, cuts(one)) == (bill - own, own, {"copayment": own})


def test_4_the_open_excess_comes_before_the_share() -> None:
    excess = {"amount": 10_000, "per": "year"}
    book = plan([benefit("doctor", excess=excess, reimbursement=80)])
    (one,) = decided([line(25_000)], situation(book, borne={"doctor": 4_000}))
    assert (one.granted, one.own) == (15_200, 9_800)
    assert cuts(one) == {"excess": 6_000, "share": 3_800}
    assert one.excess_borne == 6_000


def test_5_shares_come_before_limits() -> None:
    gp = plan([benefit("doctor", reimbursement=80)], limit("doctor", "visit", 150_000))
    (one,) = decided([line(200_000, in_network=False)], situation(gp))
    assert (one.granted, one.own) == (150_000, 50_000)
    assert cuts(one) == {"share": 40_000, "limit_visit": 10_000}


def test_6_each_night_asks_the_limits_for_itself() -> None:
    room = plan(
        [benefit("room", "inpatient")], limit("room", "day", 1_000_000), limit("room", "case", 60, measure="days")
    )
    first = date(2026, 3, 5)
    before = [first - timedelta(days=number) for number in range(1, 60)]
    stay = line(3_600_000, "room", first, until=first + timedelta(days=3), case="stay")
    (one,) = decided([stay], situation(room, {"room.case.days": used(59, days=before)}))
    assert (one.granted, one.own) == (1_000_000, 2_600_000)
    assert cuts(one) == {"limit_day": 200_000, "limit_days": 2_400_000}
    assert [(day.ask.day - first).days for day in one.days] == [0, 1, 2]
    assert {day.ask.amount for day in one.days} == {Decimal(1_200_000)}


def test_7_a_family_shares_what_is_left() -> None:
    book = plan([benefit("doctor")], limit("doctor", "year", 50_000, family=True))
    (first,) = decided([line(4_000)], situation(book, {"doctor.year.amount": used(45_000)}))
    (second,) = decided([line(3_000)], situation(book, {"doctor.year.amount": used(49_000)}))
    assert (first.granted, first.own) == (4_000, 0)
    assert (second.granted, second.own, cuts(second)) == (1_000, 2_000, {"limit_family": 2_000})


def test_8_a_birth_on_the_last_waiting_day_is_not_paid() -> None:
    book = plan([benefit("birth", "maternity", waiting_days=280)])
    births = [
        line(9_000_000, "birth", date(2026, 10, 7), key="1"),
        line(9_000_000, "birth", date(2026, 10, 8), key="2"),
    ]
    early, later = decided(births, situation(book))
    assert (early.granted, early.own, later.granted, later.own) == (0, 9_000_000, 9_000_000, 0)
    assert cut(early, "waiting_period").facts["paid_from"] == "2026-10-08"


def test_9_units_are_cut_before_money() -> None:
    lenses = plan(
        [benefit("lenses", "optical")],
        limit("lenses", "item", 500_000),
        limit("lenses", "year", 2, measure="count", unit="item"),
    )
    (one,) = decided([line(2_400_000, "lenses", count=3)], situation(lenses))
    assert (one.granted, one.own) == (1_000_000, 1_400_000)
    assert cuts(one) == {"limit_count": 800_000, "limit_item": 600_000}
    assert [day.granted.count for day in one.days] == [2]


def test_10_an_appeal_is_decided_with_what_came_back_meanwhile() -> None:
    specialist = plan([benefit("doctor")], limit("doctor", "visit", 400_000), limit("doctor", "year", 8_750_000))
    (one,) = decided([line(550_000)], situation(specialist, {"doctor.year.amount": used(8_400_000)}))
    assert (one.granted, one.own) == (350_000, 200_000)


@pytest.mark.parametrize("turned", [False, True])
def test_11_two_bills_of_one_visit_share_its_limit(turned: bool) -> None:
    book = plan([benefit("doctor", copayment={"percent": 10})], limit("doctor", "visit", 200_000))
    bills = [line(100_000, key="1", visit="v"), line(200_000, key="2", visit="v")]
    first, second = decided(bills[::-1] if turned else bills, situation(book))
    assert (first.granted, second.granted) == (90_000, 110_000)
    assert (first.own, second.own) == (10_000, 90_000)


@pytest.mark.parametrize(
    ("terms", "bill", "granted", "expected"),
    [
        (
            {"copayment": {"percent": 10, "cap": 100_000}},
            1_500_000,
            1_120_000,
            {"copayment": 100_000, "share": 280_000},
        ),
        ({"copayment": {"percent": 20, "cap": 6_000}}, 48_000, 33_600, {"copayment": 6_000, "share": 8_400}),
    ],
)
def test_12_copayment_then_share(terms: dict[str, Any], bill: int, granted: int, expected: dict[str, int]) -> None:
    book = plan([benefit("doctor", reimbursement=80, **terms)])
    (one,) = decided([line(bill)], situation(book))
    assert (one.granted, one.own, cuts(one)) == (granted, bill - granted, expected)


def test_lines_that_compete_for_overlapping_limits_are_paid_alike_in_any_order() -> None:
    book = plan([benefit("a"), benefit("b"), benefit("c")], limit("a b", "year", 100), limit("a c", "year", 100))
    bills = [line(100, on, key=on) for on in ("a", "b", "c")]
    orders = [bills, bills[::-1], [bills[1], bills[0], bills[2]]]
    assert {tuple(one.granted for one in decided(order, situation(book))) for order in orders} == {(100, 0, 0)}


def test_each_day_of_a_stay_looks_up_its_own_bucket() -> None:
    """What the ledger holds is read for each ask, so that each day finds its own bucket."""
    asked: list[Ask] = []

    def taken(_limit: Limit, ask: Ask) -> Taken:
        asked.append(ask)
        return Taken()

    book = plan([benefit("room", "inpatient")], limit("room", "day", 100))
    stay = line(300, "room", date(2026, 3, 5), until=date(2026, 3, 8), case="stay")
    decided([stay], replace(situation(book), taken=taken))
    assert {one.day.day for one in asked} == {5, 6, 7}
