"""The limit that binds comes first. An untouched sum insured has no meter."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypolis.insurance.coverage.cover import BenefitCover, LimitCover, policy_cover
from mypolis.insurance.coverage.ledger.usage import LimitUsage
from mypolis.insurance.coverage.pages.limit_bars import available, by_what_binds
from mypolis.insurance.coverage.plan_books.plan import Benefit, Limit
from mypolis.insurance.coverage.plan_books.vocabulary import BenefitType
from mypolis.insurance.coverage.presenters import benefit_doc
from mypolis.membership.accounts.models import Account
from tests.coverage.books import GOLD, HEALTH
from tests.coverage.members import used
from tests.coverage.test_cover_pages import TODAY, Reader
from tests.post import Post

BASES = ("visit", "case", "day", "item", "pregnancy")


def with_limits(*limits: dict[str, Any], kind: str = "outpatient") -> list[Any]:
    """The book changed so that only a doctor's visit has these limits, and is a benefit of another kind."""
    doctor = (*HEALTH, "benefits", "doctor", "type")
    return [
        (doctor, kind),
        ((*GOLD, "groups"), {}),
        ((*GOLD, "limits"), []),
        ((*GOLD, "benefits", "doctor"), {"limits": list(limits)}),
    ]


@pytest.mark.parametrize("basis", BASES)
def test_a_smaller_limit_each_time_leads_before_what_is_left_of_the_year(
    post: Post, tmp_path: Path, basis: str
) -> None:
    budi = Reader(tmp_path, *with_limits({"amount": 1000, "per": "year"}, {"amount": 200, "per": basis}))
    row = budi.read(budi.policy)
    assert "IDR 200" in row
    assert "IDR 1,000 left" not in row
    page = budi.read(f"{budi.policy}doctor/")
    assert page.index("IDR 200") < page.index("IDR 1,000")
    assert "Left of IDR 1,000 a year: IDR 1,000." in page


def test_once_less_is_left_of_the_year_the_year_leads(post: Post, tmp_path: Path) -> None:
    budi = Reader(tmp_path, *with_limits({"amount": 200, "per": "visit"}, {"amount": 1000, "per": "year"}))
    for amount in (200, 200, 200, 200, 50):
        used(budi.membership, "doctor", amount, day=TODAY)
    assert "IDR 150 left" in budi.read(budi.policy)
    page = budi.read(f"{budi.policy}doctor/")
    assert "You are covered Left: IDR 150. Limit: IDR 1,000 a year." in page
    assert page.rindex("IDR 150 left") < page.rindex("IDR 200 for each visit")


def test_programs_are_told_which_limit_binds(post: Post, tmp_path: Path) -> None:
    budi = Reader(tmp_path, *with_limits({"amount": 1000, "per": "year"}, {"amount": 200, "per": "visit"}))
    cover = policy_cover(Account.objects.get(), budi.membership)
    found = cover.benefit("doctor")
    assert found is not None
    shown = [(limit.basis, limit.binds) for limit in benefit_doc(found, cover).limits]
    assert shown == [("year", False), ("visit", True)]


SUMS = [
    ({"amount": 5000, "per": "lifetime"}, "life", "IDR 5,000"),
    ({"amount": 5000, "per": "year"}, "motor", "IDR 5,000 a year"),
    ({"amount": 5000, "per": "year"}, "household", "IDR 5,000 a year"),
    ({"amount": 5000, "per": "lifetime"}, "critical_illness", "IDR 5,000"),
]


@pytest.mark.parametrize(("limit", "kind", "words"), SUMS)
def test_a_sum_insured_has_no_meter_while_nothing_is_taken(
    post: Post, tmp_path: Path, limit: dict[str, Any], kind: str, words: str
) -> None:
    budi = Reader(tmp_path, *with_limits(limit, kind=kind))
    page = budi.client.get(f"{budi.policy}doctor/").content.decode()
    assert "<svg" not in page.partition('id="limits"')[2].partition("</section>")[0], "a meter"
    assert f"Sum insured: {words}" in budi.read(f"{budi.policy}doctor/")
    for address in (f"{budi.policy}doctor/", budi.policy, "/id/home/"):
        assert "Used: IDR 0" not in budi.read(address).partition("Doctor")[2].partition("Drugs")[0]


def test_a_sum_of_which_something_was_paid_has_one(post: Post, tmp_path: Path) -> None:
    budi = Reader(tmp_path, *with_limits({"amount": 5000, "per": "year"}, kind="motor"))
    used(budi.membership, "doctor", 1200, day=TODAY)
    assert "Used: IDR 1,200" in budi.read(f"{budi.policy}doctor/")


def test_a_budget_for_treatment_keeps_its_meter(post: Post, tmp_path: Path) -> None:
    budi = Reader(tmp_path, *with_limits({"amount": 5000, "per": "year"}))
    assert "Used: IDR 0" in budi.read(f"{budi.policy}doctor/")


def test_home_lets_people_ask_also_where_there_is_no_limit_to_follow(post: Post, tmp_path: Path) -> None:
    bare = ("products", "health", "plans", "bare", "benefits")
    budi = Reader(tmp_path, (bare, {"doctor": {"limits": []}}), plan="Bare")
    page = budi.read("/id/home/")
    assert "What is left" not in page
    assert "Am I covered for" in page


LIMITS = st.builds(
    lambda size, per, left: LimitCover(
        Limit(key="k", benefits=("b",), per=per, measure="amount", size=Decimal(size)),
        None if per == "visit" else LimitUsage(Decimal(0), Decimal(size - min(size, left)), Decimal(min(size, left))),
        None,
    ),
    st.integers(1, 500),
    st.sampled_from(["visit", "year", "lifetime"]),
    st.integers(0, 500),
)


@given(st.lists(LIMITS, max_size=6))
def test_whatever_leads_lets_through_no_more_than_any_other(limits: list[LimitCover]) -> None:
    words = {"en": "x"}
    benefit = Benefit(key="b", type=BenefitType.OUTPATIENT, name=words, explanation=words, what_to_do=words)
    ordered = by_what_binds(BenefitCover(benefit, tuple(limits), None))
    assert sorted(map(available, limits)) == list(map(available, ordered))
