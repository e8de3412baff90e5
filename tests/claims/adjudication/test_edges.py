"""Edges of cover, days, years and amounts."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from mypolis.insurance.claims.adjudication.lines import Deduction, Refusal
from tests.claims.adjudication.bills import (
    DAY,
    SENT,
    START,
    benefit,
    cut,
    cuts,
    decided,
    limit,
    line,
    plan,
    situation,
    used,
)

END = date(2026, 6, 30)
PLAIN = plan([benefit("doctor"), benefit("room", "inpatient"), benefit("cure", "rehabilitation")])


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (START - timedelta(days=1), "not_yet_covered"),
        (START, ""),
        (END, ""),
        (END + timedelta(days=1), "cover_ended"),
    ],
)
def test_the_first_and_last_day_of_cover_are_covered(day: date, code: str) -> None:
    (one,) = decided([line(100, day=day)], situation(PLAIN, end=END))
    assert cuts(one) == ({code: 100} if code else {})


def test_days_of_a_stay_outside_the_cover_are_cut_one_by_one() -> None:
    stay = line(1_000, "room", END - timedelta(days=2), until=END + timedelta(days=3))
    (one,) = decided([stay], situation(PLAIN, end=END))
    assert [day.ask.day for day in one.days] == [END - timedelta(days=2), END - timedelta(days=1), END]
    assert cuts(one) == {"cover_ended": 400}
    assert cut(one, "cover_ended").facts["day"] == (END + timedelta(days=1)).isoformat()


@pytest.mark.parametrize(
    ("on", "nights", "days"), [("room", 0, 1), ("room", 1, 1), ("room", 3, 3), ("cure", 0, 1), ("cure", 3, 4)]
)
def test_a_room_counts_nights_and_everything_else_days(on: str, nights: int, days: int) -> None:
    (one,) = decided([line(120, on, until=DAY + timedelta(days=nights))], situation(PLAIN))
    assert len(one.days) == days


def test_a_stay_over_new_year_draws_on_both_years() -> None:
    book = plan([benefit("room", "inpatient")], limit("room", "year", 250))
    stay = line(400, "room", date(2025, 12, 30), until=date(2026, 1, 3))
    (one,) = decided([stay], situation(book, start=date(2025, 1, 1)))
    assert one.granted == 400, "200 in each year"


def test_a_stay_over_new_year_bears_both_excesses() -> None:
    book = plan([benefit("room", "inpatient", excess={"amount": 150, "per": "year"})])
    stay = line(400, "room", date(2025, 12, 30), until=date(2026, 1, 3))
    (one,) = decided([stay], situation(book, start=date(2025, 1, 1)))
    assert (one.granted, cuts(one)) == (100, {"excess": 300})
    assert [(bucket.key, amount) for bucket, amount in one.excess] == [("2025-01-01", 150), ("2026-01-01", 150)]


def test_a_year_that_begins_on_29_february_ends_on_28_february() -> None:
    book = plan([benefit("doctor", excess={"amount": 50, "per": "year"})], year="policy")
    bills = [line(100, day=date(2025, 2, 28), key="1"), line(100, day=date(2025, 3, 1), key="2")]
    before = date(2024, 2, 29)
    found = decided(bills, situation(book, start=before, policy_start=before, sent_on=date(2025, 4, 1)))
    assert [cuts(one) for one in found] == [{"excess": 50}, {"excess": 50}]


@pytest.mark.parametrize("amount", ["0.01", "1000000000000"])
def test_tiny_and_huge_bills_are_decided_exactly(amount: str) -> None:
    book = plan([benefit("doctor", reimbursement=80)])
    (one,) = decided([line(amount)], situation(book))
    assert one.granted == (Decimal(amount) * 80 / 100).quantize(Decimal("0.01"))


@pytest.mark.parametrize("amount", [0, -100])
def test_a_refund_is_no_bill(amount: int) -> None:
    (one,) = decided([line(amount)], situation(PLAIN))
    assert (one.billed, one.granted, one.own, [cut.code for cut in one.cuts]) == (0, 0, 0, ["no_amount"])


def test_a_foreign_bill_without_a_rate_is_a_question() -> None:
    (one,) = decided([line(None)], situation(PLAIN))
    assert ([question.code for question in one.questions], one.granted, one.days) == (["rate_missing"], 0, ())


def test_an_unknown_plan_is_a_question_and_never_a_rejection() -> None:
    (one,) = decided([line(100)], situation(None))
    assert ([question.code for question in one.questions], one.granted, one.cuts) == (["plan_unknown"], 0, ())


def test_three_small_bills_are_rounded_each_and_one_bill_once() -> None:
    book = plan([benefit("doctor", copayment={"percent": "33.33"})])
    three = decided([line("0.05", key=str(number)) for number in range(3)], situation(book))
    assert sum(one.granted for one in three) == Decimal("0.09")
    (one,) = decided([line("0.15")], situation(book))
    assert one.granted == Decimal("0.10")


def test_twins_are_two_births_of_one_pregnancy() -> None:
    book = plan(
        [benefit("birth", "maternity")],
        limit("birth", "pregnancy", 500),
        limit("birth", "lifetime", 2, measure="count", unit="birth"),
    )
    (one,) = decided([line(900, "birth", count=2, pregnancy="p")], situation(book))
    assert (one.granted, [day.granted.count for day in one.days]) == (500, [2])


def test_a_pregnancy_over_two_years_draws_on_one_bucket() -> None:
    book = plan([benefit("birth", "maternity")], limit("birth", "pregnancy", 500))
    bills = [line(400, "birth", date(year, 1, 1), key=str(year), pregnancy="p") for year in (2025, 2026)]
    found = decided(bills, situation(book, start=date(2025, 1, 1), filing_days=1_000))
    assert [one.granted for one in found] == [400, 100]


def test_the_second_bill_of_a_day_costs_no_further_day() -> None:
    book = plan([benefit("room", "inpatient")], limit("room", "case", 1, measure="days"))
    bills = [line(100, "room", key="1", case="c"), line(50, "room", key="2", case="c")]
    later = line(70, "room", DAY + timedelta(days=1), key="3", case="c")
    assert [one.granted for one in decided([*bills, later], situation(book))] == [100, 50, 0]


def test_a_limit_below_what_is_used_has_nothing_left() -> None:
    book = plan([benefit("doctor")], limit("doctor", "year", 100))
    (one,) = decided([line(50)], situation(book, {"doctor.year.amount": used(700)}))
    assert (one.granted, cut(one, "limit_year").facts["left"]) == (0, "0")


@pytest.mark.parametrize(("days", "code"), [(365, ""), (366, "too_late")])
def test_the_time_for_sending_counts_from_the_last_day_of_treatment(days: int, code: str) -> None:
    day = SENT - timedelta(days=days)
    bill = line(100, day=day - timedelta(days=9), until=day)
    (one,) = decided([bill], situation(PLAIN, start=date(2020, 1, 1)))
    assert cuts(one) == ({code: 100} if code else {})


def test_a_bill_from_the_future_is_refused() -> None:
    (one,) = decided([line(100, day=SENT + timedelta(days=1))], situation(PLAIN))
    assert cuts(one) == {"in_future": 100}


@pytest.mark.parametrize(("in_network", "share"), [(True, 100), (False, 80), (None, 80)])
def test_a_provider_of_whom_nobody_knows_counts_as_outside_the_network(in_network: bool | None, share: int) -> None:
    book = plan([benefit("doctor", reimbursement=80)])
    (one,) = decided([line(100, in_network=in_network)], situation(book))
    assert one.granted == share


def test_without_a_percentage_nothing_is_paid_outside_the_network() -> None:
    book = plan([benefit("doctor", reimbursement=None)])
    (one,) = decided([line(100, in_network=False, provider="Klinik A")], situation(book))
    assert cuts(one) == {"outside_network": 100}
    assert cut(one, "outside_network").facts == {"provider": "Klinik A"}


def test_in_a_plan_without_a_network_no_provider_is_outside() -> None:
    book = plan([benefit("stolen-car", "motor", reimbursement=None)], network=None)
    (one,) = decided([line(100, "stolen-car")], situation(book))
    assert one.granted == 100


def test_a_benefit_that_the_plan_of_the_day_lacks_is_not_paid() -> None:
    (one,) = decided([line(100, "acupuncture", benefit_name={"en": "Acupuncture"})], situation(PLAIN))
    assert (cuts(one), cut(one, "not_in_plan").facts) == ({"not_in_plan": 100}, {"benefit": {"en": "Acupuncture"}})


def test_a_plan_that_changes_within_a_stay_pays_each_day_by_its_own_terms() -> None:
    turn = date(2026, 3, 7)
    old = plan([benefit("room", "inpatient", copayment={"percent": 50})])
    new = plan([benefit("room", "inpatient")])
    stay = line(400, "room", date(2026, 3, 5), until=date(2026, 3, 9))
    (one,) = decided([stay], situation(None, plan_on=lambda day: old if day < turn else new))
    assert (one.granted, cuts(one)) == (300, {"copayment": 100})


def test_what_others_paid_and_what_is_no_treatment_come_off_before_shares() -> None:
    book = plan([benefit("doctor", copayment={"percent": 10})])
    parking = Deduction("not_a_medical_cost", Decimal(100), {"item": "Parking"})
    other = Deduction("paid_elsewhere", Decimal(300), {"payer": "BPJS"})
    (one,) = decided([line(1_000, deductions=(parking, other))], situation(book))
    assert [(cut.code, cut.amount) for cut in one.cuts] == [
        ("paid_elsewhere", 300), ("not_a_medical_cost", 100), ("copayment", 60),
    ]  # fmt: skip


def test_if_others_paid_more_than_the_bill_nothing_is_granted() -> None:
    other = Deduction("paid_elsewhere", Decimal(5_000))
    (one,) = decided([line(1_000, deductions=(other,))], situation(PLAIN))
    assert (one.granted, cuts(one), one.days) == (0, {"paid_elsewhere": 1_000}, ())


def test_an_assessors_refusal_takes_the_line_but_cover_comes_first() -> None:
    refusal = Refusal("not_needed", {"note": "No findings."})
    (one,) = decided([line(100, refusal=refusal)], situation(PLAIN))
    assert cuts(one) == {"not_needed": 100}
    (early,) = decided([line(100, day=START - timedelta(days=1), refusal=refusal)], situation(PLAIN))
    assert cuts(early) == {"not_yet_covered": 100}
    (twice,) = decided([line(100, day=START - timedelta(days=1), refusal=Refusal("duplicate"))], situation(PLAIN))
    assert cuts(twice) == {"duplicate": 100}


def test_an_exclusion_shows_the_plans_own_words() -> None:
    words = {"en": "No cosmetic surgery."}
    book = plan([benefit("doctor", exclusions=words)])
    (one,) = decided([line(100, refusal=Refusal("excluded"))], situation(book))
    assert cut(one, "excluded").facts == {"exclusions": words}


def test_two_lines_of_one_bill_share_the_cap_of_the_copayment() -> None:
    book = plan([benefit("doctor", copayment={"percent": 10, "cap": 100})])
    one_bill = [line(800, key="1", number="17"), line(800, key="2", number="17"), line(800, key="3", number="18")]
    assert [one.own for one in decided(one_bill, situation(book))] == [80, 20, 80]


@pytest.mark.parametrize(("key", "own"), [("stay", [100, 0]), ("", [100, 100])])
def test_an_excess_per_case_is_borne_once_if_the_bills_belong_together(key: str, own: list[int]) -> None:
    book = plan([benefit("doctor", excess={"amount": 100, "per": "case"})])
    bills = [line(300, key="1", case=key), line(300, key="2", case=key)]
    assert [one.own for one in decided(bills, situation(book))] == own


def test_treatments_over_a_time_are_cut_by_their_number() -> None:
    """Ten treatments in twenty days, of which the plan pays eight: four fifths, whatever the calendar."""
    book = plan([benefit("cure", "rehabilitation")], limit("cure", "year", 8, measure="count", unit="treatment"))
    (one,) = decided([line(1_000, "cure", until=DAY + timedelta(days=19), count=10)], situation(book))
    assert (one.granted, sum(day.granted.count for day in one.days)) == (800, 8)


@pytest.mark.parametrize(
    "wrong", [{"until": DAY - timedelta(days=1)}, {"count": -1}, {"deductions": (Deduction("too_many", Decimal(-1)),)}]
)
def test_impossible_lines_raise_an_error(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"before the first|negative"):
        line(100, **wrong)
