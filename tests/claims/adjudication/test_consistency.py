"""Whether outcome, sums and reasons of a decision fit together."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypolis.insurance.claims.adjudication.consistency import Outcome, Said, contradiction
from mypolis.insurance.claims.adjudication.reasons import REASONS, Kind

CUTS = sorted(code for code, reason in REASONS.items() if reason.kind == Kind.CUT)
REJECTIONS = sorted(code for code, reason in REASONS.items() if reason.kind == Kind.REJECTION)
OTHERS = sorted(code for code, reason in REASONS.items() if reason.kind not in (Kind.CUT, Kind.REJECTION))
CENTS = st.integers(0, 10**9).map(lambda cents: Decimal(cents) / 100)


def said(granted: str, *reasons: str, billed: str = "100") -> Said:
    return Said("1", Decimal(billed), Decimal(granted), reasons)


@pytest.mark.parametrize(
    ("outcome", "lines", "problem"),
    [
        ("approved", [], "no lines"),
        ("approved", [said("99", "copayment")], "not granted in full"),
        ("approved", [said("100"), said("0", "excluded")], "not granted in full"),
        ("approved", [said("100", "copayment")], "with a reason"),
        ("partly_approved", [said("100")], "every line is granted"),
        ("partly_approved", [said("99")], "without a reason"),
        ("partly_approved", [said("99", "because")], "unknown reason"),
        ("partly_approved", [said("99", "unreadable")], "unknown reason"),
        ("partly_approved", [said("99", "share", "share")], "twice"),
        ("partly_approved", [said("100.01", "share")], "between 0 and 100"),
        ("partly_approved", [said("-0.01", "share")], "between 0 and 100"),
        ("rejected", [said("1", "excluded")], "is granted 1"),
        ("rejected", [said("0", "excluded"), said("100")], "is granted 100"),
        ("rejected", [said("0")], "without a reason"),
        ("rejected", [said("0", "limit_year")], "no line has a reason of rejection"),
    ],
)
def test_a_contradiction_is_named(outcome: Outcome, lines: list[Said], problem: str) -> None:
    assert problem in contradiction(outcome, lines)


def test_our_own_rules_also_reject_a_claim_for_which_no_limit_is_left() -> None:
    assert contradiction("rejected", [said("0", "limit_year")], is_by_rules=True) == ""


@given(st.lists(CENTS, min_size=1, max_size=5), st.sampled_from(REJECTIONS), st.sampled_from(OTHERS), st.data())
def test_a_consistent_decision_is_accepted_unless_a_reason_is_of_another_kind(
    billed: list[Decimal], rejection: str, other: str, data: st.DataObject
) -> None:
    paid = [Said(str(place), amount, amount, ()) for place, amount in enumerate(billed)]
    assert contradiction("approved", paid) == ""
    owed = [amount + 1 for amount in billed]
    rejected = [Said("1", amount, Decimal(0), (rejection,)) for amount in owed]
    assert contradiction("rejected", rejected) == ""
    granted = [amount - data.draw(st.integers(1, 100)) * Decimal("0.01") for amount in owed]
    partly = [
        Said("1", amount, part, (data.draw(st.sampled_from(CUTS)),)) for amount, part in zip(owed, granted, strict=True)
    ]
    assert contradiction("partly_approved", [*paid, *partly]) == ""
    assert contradiction("partly_approved", [Said("1", owed[0], granted[0], (other,))])
