"""The draft of a decision: it begins with what the rules propose, and the outcome follows from its lines."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypolis.foundation.lib.text.clean_text import UnsafeText
from mypolis.insurance.claims.adjudication.reasons import REFUSALS
from mypolis.insurance.claims.desk.draft_decision import DraftChanged, Unusable, save_line
from mypolis.insurance.claims.desk.in_hand import put_back
from mypolis.insurance.claims.desk.outcomes.deciding import Stale
from mypolis.insurance.claims.desk.refusals import Refused
from mypolis.insurance.claims.desk.typed_lines import CHANGES, TypedLine
from mypolis.insurance.claims.models import Claim
from mypolis.membership.accounts.models import Account
from tests.claims.desk.acts import assessed, decides, draft_of, lowers, refuses, takes, types
from tests.claims.desk.staff import AGUS, RINA
from tests.claims.world import bill, reread, sent

SUMS = st.decimals("0", "999999999.99", places=2)


def test_whoever_begins_with_a_claim_about_which_nothing_was_typed_begins_on_the_figures_of_now(budi: Account) -> None:
    claim = takes(RINA, sent(budi))
    put_back(claim=claim, staff=RINA, by=RINA.actor)
    decides(AGUS, takes(AGUS, sent(budi, bill(budi, "60.00"), content=b"other")))
    claim = takes(RINA, reread(claim))
    assert decides(RINA, claim).came_to == "decided", "nothing has to be read again"


def test_whoever_begins_with_typed_words_is_told_what_changed_since(budi: Account) -> None:
    claim = takes(RINA, sent(budi))
    lowers(RINA, claim, "100")
    put_back(claim=claim, staff=RINA, by=RINA.actor)
    decides(AGUS, takes(AGUS, sent(budi, bill(budi, "60.00"), content=b"other")))
    with pytest.raises(Stale):
        decides(RINA, takes(RINA, reread(claim)))


def test_only_who_has_the_claim_in_hand_types(budi: Account) -> None:
    claim = takes(RINA, sent(budi))
    with pytest.raises(Refused):
        lowers(AGUS, claim, "100")
    assert draft_of(claim).lines == {}


def test_what_another_tab_saved_is_not_written_over(budi: Account) -> None:
    claim = takes(RINA, sent(budi))
    seen = draft_of(claim).version
    lowers(RINA, claim, "100")
    line = claim.lines.get().pk
    with pytest.raises(DraftChanged):
        save_line(claim=claim, line=line, typed=TypedLine(), version=seen, staff=RINA, by=RINA.actor)
    assert assessed(claim).granted == 100


def test_a_line_of_another_claim_is_not_changed(budi: Account, siti: Account) -> None:
    claim, other = takes(RINA, sent(budi)), sent(siti)
    with pytest.raises(Unusable, match="line"):
        save_line(claim=claim, line=other.lines.get().pk, typed=TypedLine(), version=1, staff=RINA, by=RINA.actor)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (TypedLine(rate=Decimal(0)), "rate"),
        (TypedLine(rate=Decimal("NaN")), "rate"),
        (TypedLine(network="near"), "network"),
        (TypedLine(paid_elsewhere=Decimal(-1)), "paid_elsewhere"),
        (TypedLine(not_medical=Decimal("0.001")), "not_medical"),
        (TypedLine(granted=Decimal("Infinity")), "granted"),
        (TypedLine(granted=Decimal(10**12)), "granted"),
        (TypedLine(refusal="because"), "refusal"),
        (TypedLine(refusal="limit_year"), "refusal"),
        (TypedLine(granted=Decimal(1), reason="document_missing"), "reason"),
        (TypedLine(granted=Decimal(1), refusal="excluded"), "granted"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(budi: Account, typed: TypedLine, field: str) -> None:
    claim = takes(RINA, sent(budi))
    with pytest.raises(Unusable) as refusal:
        types(RINA, claim, typed)
    assert refusal.value.field == field


def test_a_note_with_hidden_characters_is_refused(budi: Account) -> None:
    with pytest.raises(UnsafeText):
        refuses(RINA, takes(RINA, sent(budi)), note="good\u202ebad")


def test_it_begins_with_what_the_rules_propose_and_why(budi: Account) -> None:
    (line,) = assessed(takes(RINA, sent(budi))).lines
    assert (line.billed, line.granted, line.reasons) == (150, 120, ("share",))
    assert line.typed == TypedLine(network="")


def test_a_lowered_line_needs_a_reason_and_its_cuts_add_up(budi: Account) -> None:
    claim = takes(RINA, sent(budi))
    lowers(RINA, claim, "100", reason="")
    assert list(assessed(claim).problems.values()) == ["no_reason"]
    lowers(RINA, claim, "100")
    found = assessed(claim)
    assert (found.granted, found.result, found.problems) == (100, "partly_approved", {})
    assert [(cut["code"], cut["amount"]) for cut in found.lines[0].cuts] == [
        ("share", "30.00"),
        ("over_usual_price", "20.00"),
    ]


def test_more_than_the_bill_is_never_granted_and_more_than_the_rules_allow_is_marked(budi: Account) -> None:
    claim = takes(RINA, sent(budi))
    lowers(RINA, claim, "151")
    assert list(assessed(claim).problems.values()) == ["too_much"]
    lowers(RINA, claim, "150", reason="")
    found = assessed(claim)
    assert (found.is_raised, found.result, found.problems) == (True, "approved", {})


def test_a_part_that_is_no_treatment_comes_off_before_the_shares(budi: Account) -> None:
    claim = takes(RINA, sent(budi))
    types(RINA, claim, TypedLine(not_medical=Decimal(50)))
    assert assessed(claim).granted == 80


def test_a_provider_in_the_network_is_paid_in_full_without_a_second_person(budi: Account) -> None:
    claim = takes(RINA, sent(budi))
    assert assessed(claim).granted == 120, "nobody knows whether the provider is in the network"
    types(RINA, claim, TypedLine(network="in"))
    found = assessed(claim)
    assert (found.granted, found.is_raised, found.result) == (150, False, "approved")
    assert decides(RINA, claim).came_to == "decided"
    assert claim.lines.get().in_network is True


def test_a_provider_outside_the_network_is_paid_in_part(budi: Account) -> None:
    claim = takes(RINA, sent(budi))
    types(RINA, claim, TypedLine(network="out"))
    assert assessed(claim).granted == 120
    decides(RINA, claim)
    assert claim.lines.get().in_network is False


def without_network(claim: Claim) -> None:
    """Let the draft be as the version before wrote it, which did not know the network."""
    draft = draft_of(claim)
    draft.lines = {
        key: {name: value for name, value in line.items() if name != "network"} for key, line in draft.lines.items()
    }
    draft.save(update_fields=["lines"])


def test_a_draft_of_the_version_before_leaves_what_is_known_about_the_network(budi: Account) -> None:
    claim = sent(budi)
    claim.lines.update(in_network=True)
    claim = takes(RINA, claim)
    types(RINA, claim, TypedLine(not_medical=Decimal(50)))
    without_network(claim)
    assert assessed(claim).granted == 100
    decides(RINA, claim)
    assert claim.lines.get().in_network is True


def test_a_refused_line_rejects_the_claim_with_the_assessors_note(budi: Account) -> None:
    claim = takes(RINA, sent(budi))
    refuses(RINA, claim, note="No finding in the report.")
    found = assessed(claim)
    assert (found.granted, found.result) == (0, "rejected")
    assert found.lines[0].cuts[0]["facts"]["note"] == "No finding in the report."


def test_a_foreign_bill_waits_for_a_rate_that_the_assessor_enters(budi: Account) -> None:
    claim = takes(RINA, sent(budi, bill(budi, "10.00", currency="EUR")))
    assert list(assessed(claim).problems.values()) == ["question"]
    types(RINA, claim, TypedLine(rate=Decimal("15.5")))
    found = assessed(claim)
    assert (found.lines[0].billed, found.granted, found.problems) == (155, 124, {})


@given(
    granted=st.none() | SUMS,
    paid_elsewhere=SUMS,
    rate=st.none() | st.decimals("0.00000001", "9999", places=8),
    refusal=st.sampled_from(["", *REFUSALS]),
    reason=st.sampled_from(["", *CHANGES]),
    network=st.sampled_from(["", "in", "out"]),
    note=st.text(),
)
def test_what_was_typed_is_read_as_it_was_stored(
    granted: Decimal | None,
    paid_elsewhere: Decimal,
    rate: Decimal | None,
    refusal: str,
    reason: str,
    network: str,
    note: str,
) -> None:
    words = {"refusal": refusal, "reason": reason, "network": network, "note": note}
    typed = TypedLine(granted=granted, paid_elsewhere=paid_elsewhere, rate=rate, **words)
    assert TypedLine.from_json(typed.as_json()) == typed
