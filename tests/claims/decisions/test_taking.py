"""Claims take from limits: reserve, settle, release, each exactly and once."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.markets import all_markets
from mypolis.insurance.claims.decisions.batch import Batch, Outcome
from mypolis.insurance.claims.decisions.excess_borne import buckets_as_facts
from mypolis.insurance.claims.decisions.ledger import estimate, release, reserve, settle, uses
from mypolis.insurance.claims.lifecycle.states import State
from mypolis.insurance.claims.models import Claim, Line
from mypolis.insurance.coverage.ledger.balance_check import verify
from mypolis.insurance.coverage.ledger.entries import reverse as give_back
from mypolis.insurance.coverage.models import Balance, Entry
from tests.claims.decisions.stored import bill, claimed, decided, ledger
from tests.coverage.books import GOLD, loaded
from tests.coverage.members import DAY, insured, used

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _book(db: None, tmp_path: Path) -> None:
    loaded(tmp_path)


def codes(outcome: Outcome) -> list[list[str]]:
    return [[cut.code for cut in line.cuts] for line in outcome.lines]


def left_in_use() -> dict[str, int]:
    """What is reserved and used according to the balances, by benefit."""
    rows = Balance.objects.all()
    sums = {row.benefit: 0 for row in rows}
    for row in rows:
        sums[row.benefit] += int(row.reserved_amount + row.used_amount)
    return {benefit: amount for benefit, amount in sums.items() if amount}


def test_an_estimate_writes_nothing() -> None:
    today = all_markets()["id"].today()
    claim = claimed(insured(), bill(700, today), state=State.DRAFT, sent_at=None)
    outcome = estimate(claim)
    assert (outcome.granted, outcome.own_share, outcome.currency) == (600, 100, "IDR")
    assert codes(outcome) == [["limit_year"]]
    assert ledger() == []


def test_a_draft_that_is_not_complete_is_estimated_as_far_as_it_is() -> None:
    nothing: dict[str, Any] = {"date": None, "amount": None, "currency": ""}
    claim = claimed(insured(), nothing, bill(100), {"amount": None}, state=State.DRAFT)
    assert [line.granted for line in estimate(claim).lines] == [100]
    assert estimate(claimed(insured("Siti"), nothing, benefit="")).lines == ()


def test_sending_reserves_and_deciding_uses_in_its_place() -> None:
    claim = claimed(insured(), bill(400), bill(300))
    reserve(claim=claim, by=SYSTEM)
    assert ledger() == [("reserve", 300), ("reserve", 300)], "the smaller bill of a day is decided first"
    outcome = settle(claim=claim, number=1, by=SYSTEM)
    assert outcome.granted == 600
    assert ledger("release", "use") == [("release", 300), ("release", 300), ("use", 300), ("use", 300)]
    assert left_in_use() == {"drugs": 600}
    assert verify() == 0


def test_repeating_a_call_changes_nothing() -> None:
    claim = claimed(insured(), bill(400), bill(300))
    for _time in range(2):
        reserve(claim=claim, by=SYSTEM)
    assert len(ledger()) == 2
    found = [settle(claim=claim, number=1, by=SYSTEM).granted for _time in range(2)]
    assert found == [600, 600]
    assert len(ledger()) == 6
    for _time in range(2):
        release(claim=claim, by=SYSTEM)
    assert len(ledger()) == 8
    assert left_in_use() == {}


def test_a_claim_that_ends_without_a_decision_gives_back_what_it_reserved() -> None:
    claim = claimed(insured(), bill(400), bill(100))
    reserve(claim=claim, by=SYSTEM)
    release(claim=claim, by=SYSTEM)
    assert left_in_use() == {}
    assert verify() == 0


def test_lines_that_are_refused_leave_their_reservation_to_the_others() -> None:
    """The first line reserved 600, so that the second got nothing; it is refused, and the second is paid."""
    claim = claimed(insured(), bill(600), bill(500))
    reserve(claim=claim, by=SYSTEM)
    Line.objects.filter(claim=claim, place=0).update(refusal="not_needed")
    outcome = settle(claim=claim, number=1, by=SYSTEM)
    by_place = {line.line.key: line.granted for line in outcome.lines}
    assert [by_place[str(line.pk)] for line in claim.lines.all()] == [0, 500]


def test_an_appeal_is_decided_as_if_it_were_the_first_decision() -> None:
    """Example 10 of the design: meanwhile, 100 of the shared limit came back."""
    budi = insured()
    other = used(budi, "doctor", 200).entry
    used(budi, "drugs", 600)
    claim = claimed(budi, bill(250), benefit="doctor")
    assert settle(claim=claim, number=1, by=SYSTEM).granted == 200, "a visit pays 200, of which all is left"
    used_up = claimed(budi, bill(100, DAY + timedelta(days=1)), benefit="doctor")
    assert settle(claim=used_up, number=1, by=SYSTEM).granted == 0
    give_back(used=other, external_id="other/x", by=SYSTEM)
    assert settle(claim=used_up, number=2, by=SYSTEM).granted == 100
    assert ledger("reverse") == [("reverse", 200), ("reverse", 0)]
    assert [entry.external_id[-3:] for entry in Entry.objects.filter(external_id__startswith="mp/").order_by("pk")] == [
        "/d1", "/d1", "1/x", "/d2",
    ]  # fmt: skip
    assert verify() == 0


def test_a_decision_after_an_appeal_gives_back_exactly_what_the_first_one_used() -> None:
    claim = claimed(insured(), bill(400), bill(300))
    reserve(claim=claim, by=SYSTEM)
    first, second = claim.lines.all()
    settle(claim=claim, number=1, by=SYSTEM, granted={first.pk: Decimal(250), second.pk: Decimal(150)})
    used_first = [amount for _kind, amount in ledger("use")]
    settle(claim=claim, number=2, by=SYSTEM, granted={first.pk: Decimal(300), second.pk: Decimal(0)})
    assert sorted(used_first) == sorted(amount for _kind, amount in ledger("reverse")) == [150, 250]
    assert left_in_use() == {"drugs": 300}
    assert verify() == 0


def test_what_somebody_else_granted_is_recorded_as_it_is() -> None:
    stay = bill(400, until=DAY + timedelta(days=4))
    claim = claimed(insured(), stay, benefit="room")
    reserve(claim=claim, by=SYSTEM)
    assert ledger("reserve") == [("reserve", 100)] * 3 + [("reserve", 0)], "three days a case"
    (line,) = claim.lines.all()
    settle(claim=claim, number=1, by=SYSTEM, granted={line.pk: Decimal(360)})
    assert ledger("use") == [("use", 120)] * 3
    settle(claim=claim, number=2, by=SYSTEM, granted={line.pk: Decimal(0)})
    assert left_in_use() == {}


def test_where_the_core_reports_uses_a_decision_only_releases(monkeypatch: pytest.MonkeyPatch) -> None:
    profile = all_markets()["id"]
    changed = replace(profile, claims=replace(profile.claims, recorded_by="core"))
    monkeypatch.setattr(Claim, "profile", changed)
    claim = claimed(insured(), bill(400))
    reserve(claim=claim, by=SYSTEM)
    settle(claim=claim, number=1, by=SYSTEM)
    assert ledger() == [("reserve", 400), ("release", 400)]


def test_a_foreign_bill_without_a_rate_takes_nothing_until_it_has_one() -> None:
    claim = claimed(insured(), bill("10.55", currency="EUR"))
    assert not reserve(claim=claim, by=SYSTEM).is_decided
    settle(claim=claim, number=1, by=SYSTEM)
    assert ledger() == []
    Line.objects.filter(claim=claim).update(rate=Decimal("20.5"))
    assert settle(claim=claim, number=2, by=SYSTEM).granted == Decimal("216.28")


def test_claims_of_one_case_share_its_limits() -> None:
    budi = insured()
    first = claimed(budi, bill(200, until=DAY + timedelta(days=2)), benefit="room")
    settle(claim=first, number=1, by=SYSTEM)
    later = bill(200, DAY + timedelta(days=2), until=DAY + timedelta(days=4), same_case_as=first)
    second = claimed(budi, later, benefit="room")
    third = claimed(budi, bill(100, DAY + timedelta(days=4), same_case_as=second), benefit="room")
    assert settle(claim=second, number=1, by=SYSTEM).granted == 100
    assert settle(claim=third, number=1, by=SYSTEM).granted == 0
    assert estimate(claimed(budi, bill(100, DAY + timedelta(days=4)), benefit="room")).granted == 100


def test_an_excess_that_was_borne_is_not_taken_again(tmp_path: Path) -> None:
    loaded(tmp_path, ((*GOLD, "benefits", "drugs", "excess"), {"amount": 100, "per": "year"}))
    budi = insured()
    first = claimed(budi, bill(70))
    outcome = estimate(first)
    assert (outcome.granted, codes(outcome)) == (0, [["excess"]])
    facts = {"buckets": buckets_as_facts(outcome.lines[0])}
    decided(first, {"excess": 70, "cuts": [{"code": "excess", "amount": "70.00", "facts": facts}]})
    elsewhere = claimed(budi, bill(20, DAY + timedelta(days=3)))
    decided(elsewhere, {"excess": 20})
    assert estimate(claimed(budi, bill(200))).granted == 190, "10 of the excess are left"
    assert estimate(first).granted == 0, "its own decision does not count: 80 of the excess were open without it"
    assert estimate(claimed(budi, bill(200, DAY.replace(year=DAY.year - 1)))).granted == 0, "too late, another year"
    decided(first, {"excess": 0}, number=2)
    assert estimate(claimed(budi, bill(200))).granted == 120, "only the decision that holds counts"


def test_the_queries_do_not_grow_with_claims(django_assert_max_num_queries: Any) -> None:
    claims = [claimed(insured(f"Member {number}"), bill(100), bill(50)) for number in range(6)]
    for claim in claims:
        reserve(claim=claim, by=SYSTEM)
    with django_assert_max_num_queries(14):
        batch = Batch(claims, lock=False)
        found = []
        for claim in claims:
            batch.take_back(claim)
            found.append(batch.decide(claim).granted)
    assert found == [150] * 6


def test_what_a_claim_takes_counts_for_the_next_of_its_batch() -> None:
    family = [insured("Budi", family="E1"), insured("Siti", family="E1")]
    claims = [claimed(one, bill(250), benefit="teeth") for one in family]
    batch = Batch(claims, lock=False)
    found = []
    for claim in claims:
        outcome = batch.decide(claim)
        batch.count(claim, outcome, uses(claim, outcome, 1))
        found.append(outcome.granted)
    assert found == [200, 100], "a fifth is the member's, and 300 are for the family"
