"""A decision of a core system or an operator is explained like one of our rules: with facts, sums and plan version."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override

from mypolis.insurance.claims.lifecycle.deciding import Outcome, decide
from mypolis.insurance.claims.models import Claim, DecidedLine
from mypolis.insurance.claims.pages.explanation import explanation_of
from mypolis.insurance.claims.presenters import shown
from mypolis.membership.accounts.models import Account
from tests.claims.verdicts import CORE, verdict
from tests.claims.world import reread, sent
from tests.coverage.books import GOLD, HEALTH, loaded, text

DOCTOR = (*HEALTH, "benefits", "doctor")
FIRST_OF_YEAR = (*GOLD, "benefits", "doctor", "excess")


def decided(account: Account, granted: str, *reasons: str, outcome: Outcome = "partly_approved") -> Claim:
    """A claim of a bill of 150 outside the network; our rules grant 120 of it, and cut a share of 30."""
    claim = sent(account)
    said = verdict(claim, granted, outcome)
    lines = tuple(replace(line, reasons=reasons) for line in said.lines)
    decide(claim=claim, verdict=replace(said, lines=lines), by=CORE)
    return reread(claim)


def explained(account: Account, claim: Claim) -> Any:
    with override("en"):
        explanation = explanation_of(shown([claim], account)[0])
        assert explanation is not None
        return explanation.lines[0]


def test_the_same_sum_for_the_same_reasons_reads_as_our_own_decision(budi: Account) -> None:
    claim = decided(budi, "120", "share")
    (text_, amount), *others = explained(budi, claim).reasons
    assert (text_, others) == ("Outside the network, we pay back 80% of the bill.", [])
    assert amount.endswith("30")


def test_another_sum_keeps_the_facts_of_the_plan_but_not_those_of_the_ledger(budi: Account) -> None:
    claim = decided(budi, "100", "share", "limit_year")
    assert explained(budi, claim).reasons == [
        ("Outside the network, we pay back 80% of the bill.", ""),
        ("The limit for the year was reached.", ""),
    ]


def test_a_part_that_another_insurer_paid_is_named_with_its_sum(budi: Account) -> None:
    claim = decided(budi, "100", "paid_elsewhere")
    (said, _amount) = explained(budi, claim).reasons[0]
    assert said.startswith("Another insurer has paid")
    assert "50" in said


def test_a_rejection_quotes_the_plan(budi: Account, tmp_path: Path) -> None:
    loaded(tmp_path, ((*DOCTOR, "exclusions"), text("Cosmetic care.")))
    claim = decided(budi, "0", "excluded", outcome="rejected")
    assert explained(budi, claim).reasons[0][0] == "Your plan does not pay for this. It says: Cosmetic care."


@pytest.mark.parametrize(("granted", "reasons", "excess"), [("100", ("excess",), 50), ("80", ("excess", "share"), 50)])
def test_an_excess_that_somebody_else_took_counts_as_borne(
    budi: Account, tmp_path: Path, granted: str, reasons: tuple[str, ...], excess: int
) -> None:
    loaded(tmp_path, (FIRST_OF_YEAR, {"amount": 50, "per": "year"}))
    claim = decided(budi, granted, *reasons)
    assert claim.decisions.get().lines.get().excess == excess


def test_the_version_that_decided_stays_after_the_book_was_mended(budi: Account, tmp_path: Path) -> None:
    claim = decided(budi, "120", "share")
    row = DecidedLine.objects.get()
    assert row.plan_version is not None
    assert (row.plan, row.plan_version.number, row.granted) == ("health gold", 1, Decimal(120))
    loaded(tmp_path, ((*GOLD, "benefits", "doctor", "reimbursement"), 90))
    assert "version 1" in explained(budi, claim).plan
    assert "version 2" in explained(budi, decided(budi, "135", "share")).plan
