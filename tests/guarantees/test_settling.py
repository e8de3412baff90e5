"""Clinics' bills settle a letter: several on one, the rest released with the last, and never twice."""

from decimal import Decimal

import pytest

from mypolis.foundation.events.models import Event
from mypolis.insurance.claims.as_json.reading import Refused
from mypolis.insurance.claims.decisions.by_rules import adjudicate_claims
from mypolis.insurance.claims.lifecycle.duplicates import close_as_duplicate
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.guarantees.lifecycle.deciding import refuse, revoke
from mypolis.insurance.guarantees.models import GuaranteeBill
from mypolis.membership.accounts.models import Account
from tests.claims.world import bill, sent
from tests.guarantees.world import CORE, DESK, asked, billed, given, reread, reserved_of, used_of


def test_a_bill_names_a_letter_of_its_own_member_only(budi: Account, siti: Account) -> None:
    found = given(budi)
    with pytest.raises(Refused) as refused:
        billed(siti, found, "100")
    assert [error[:2] for error in refused.value.errors] == [("guarantee", "unknown")]
    assert not Claim.objects.exists()


def test_a_bill_on_a_letter_that_was_never_given_is_refused(budi: Account) -> None:
    for found in (asked(budi), refuse(guarantee=asked(budi), reason="No.", by=DESK)):
        with pytest.raises(Refused):
            billed(budi, found, "100")
    assert not GuaranteeBill.objects.exists()


def test_the_letter_says_which_of_several_people_a_bill_is_about(budi: Account, siti: Account) -> None:
    letters = given(budi), given(siti)
    claims = [billed(budi, one, "100", participant_number="") for one in letters]
    assert [claim.membership for claim in claims] == [one.membership for one in letters]


def test_a_letter_that_was_never_given_says_nobody(budi: Account, siti: Account) -> None:
    with pytest.raises(Refused) as refused:
        billed(budi, asked(budi), "100", participant_number="")
    assert [error[:2] for error in refused.value.errors] == [("policy_number", "ambiguous_member")]


def test_a_letter_never_replaces_the_policy_that_a_bill_names(budi: Account, siti: Account) -> None:
    with pytest.raises(Refused) as refused:
        billed(budi, given(budi), "100", participant_number="", policy_number="GRP-99")
    assert [error[:2] for error in refused.value.errors] == [("policy_number", "unknown_policy")]


def test_the_last_bill_takes_its_part_and_the_rest_is_released(budi: Account) -> None:
    found = given(budi, "600")
    claim = billed(budi, found, "250", is_last=True)
    assert (reread(found).state, reserved_of(budi), used_of(budi)) == ("used", 250, 0)
    adjudicate_claims(market="id", numbers=[claim.number], by=DESK)
    assert (reserved_of(budi), used_of(budi)) == (0, 250)
    event = Event.objects.get(kind="guarantee.billed")
    assert (event.actor_kind, event.facts) == ("partner", {"claim": str(claim.pk)})


def test_several_bills_share_one_letter(budi: Account) -> None:
    found = given(budi, "600")
    first = billed(budi, found, "250")
    assert (reread(found).state, reserved_of(budi)) == ("given", 600)
    adjudicate_claims(market="id", numbers=[first.number], by=DESK)
    assert (reserved_of(budi), used_of(budi)) == (350, 250)
    billed(budi, found, "100", is_last=True)
    assert (reread(found).state, reserved_of(budi), used_of(budi)) == ("used", 100, 250)


def test_a_claim_between_two_bills_gets_nothing_of_the_promise(budi: Account) -> None:
    found = given(budi, "600")
    billed(budi, found, "250")
    sent(budi, bill(budi, "300", benefit="drugs"))
    assert reserved_of(budi) == 600
    last = billed(budi, found, "350", is_last=True)
    report = adjudicate_claims(market="id", numbers=[last.number], by=DESK)
    assert (report.decided, used_of(budi)) == (1, 350)


def test_a_bill_above_the_promise_gets_what_the_limits_leave(budi: Account) -> None:
    found = given(budi, "100")
    billed(budi, found, "250", is_last=True)
    assert reserved_of(budi) == 250


def test_the_same_bill_again_settles_once(budi: Account) -> None:
    found = given(budi, "600")
    first = billed(budi, found, "250", id="b1")
    again = billed(budi, found, "250", id="b1")
    assert (first.pk, reserved_of(budi), GuaranteeBill.objects.count()) == (again.pk, 600, 1)


def test_a_bill_after_the_end_is_linked_and_decided_like_any_other(budi: Account) -> None:
    found = revoke(guarantee=given(budi, "600"), reason="Cancelled.", by=DESK)
    claim = billed(budi, found, "250")
    assert claim.guaranteed.guarantee == found
    assert (reread(found).state, reserved_of(budi)) == ("revoked", 0)


def test_a_bill_that_the_desk_rejects_gives_its_part_back(budi: Account) -> None:
    found = given(budi, "600")
    first, second = billed(budi, found, "100"), billed(budi, found, "100")
    assert reserved_of(budi) == Decimal(600)
    close_as_duplicate(claim=second, of=first, by=CORE)
    assert reserved_of(budi) == Decimal(500)
