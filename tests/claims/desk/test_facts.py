"""Facts beside a claim: history, possible duplicates, and signs to look at twice. None of them decides anything."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mypolis.foundation.files.models import ReceivedFile
from mypolis.insurance.bank_accounts.models import BankAccount
from mypolis.insurance.claims.desk.assessment import assess
from mypolis.insurance.claims.desk.facts import (
    Sign,
    SignFound,
    duplicates_of,
    history_of,
    history_of_provider,
    signs_of,
)
from mypolis.insurance.claims.desk.limits_left import limits_left
from mypolis.insurance.claims.models import Claim
from mypolis.membership.accounts.models import Account
from tests.claims.verdicts import decided
from tests.claims.world import bank_account, bill, draft, reread, sent


@pytest.fixture
def settled(budi: Account) -> Account:
    """A member whose bank account is old enough."""
    bank_account(budi)
    BankAccount.objects.update(added_at=timezone.now() - timedelta(days=15))
    return budi


def signs(claim: Claim) -> list[SignFound]:
    """The signs about a claim."""
    return signs_of(assess(reread(claim), None))


def test_a_word_that_is_no_trace_is_no_sign(settled: Account) -> None:
    claim = sent(settled)
    ReceivedFile.objects.of(claim).update(trace="forged")
    assert signs(claim) == []


@pytest.mark.parametrize(("trace", "sign"), [("editor", Sign.EDITED_PICTURE), ("saved_later", Sign.SAVED_LATER)])
def test_a_trace_of_editing_is_a_fact_about_its_picture(settled: Account, trace: str, sign: Sign) -> None:
    claim = sent(settled)
    ReceivedFile.objects.of(claim).update(trace=trace)
    file = ReceivedFile.objects.of(claim).earliest("received_at")
    found = signs(claim)[0]
    assert (found.sign, found.file, found.name, found.other) == (sign, file.pk, file.name, None)


def test_a_usual_claim_has_no_signs(settled: Account) -> None:
    assert signs(sent(settled)) == []


def test_the_same_bill_elsewhere_is_a_sign_with_the_claim_to_compare(settled: Account, siti: Account) -> None:
    first = sent(siti, bill(siti, number="KW-7"), content=b"one")
    claim = sent(settled, bill(settled, number="KW-7"), content=b"two")
    (found,) = signs(claim)
    assert (found.sign, found.other, found.line) == (Sign.SAME_BILL, first, claim.lines.get().pk)
    assert list(duplicates_of(reread(claim)).values()) == [first]


def test_the_same_file_elsewhere_is_a_sign_with_both(settled: Account, siti: Account) -> None:
    first = sent(siti, content=b"the same")
    claim = sent(settled, bill(settled, "20"), content=b"the same")
    (found,) = signs(claim)
    assert (found.sign, found.other) == (Sign.SAME_FILE, first)
    assert found.file is not None


def test_a_draft_with_the_same_file_is_nobodys_business(settled: Account, siti: Account) -> None:
    claim = sent(settled, content=b"the same")
    sent(siti, content=b"the same")
    Claim.objects.filter(account=siti).update(number="", state="draft")
    assert signs(claim) == []


@pytest.mark.parametrize(("amount", "is_sign"), [("195.99", False), ("196.00", True), ("200.00", True), ("201", False)])
def test_a_sum_just_at_a_limit_is_a_sign(settled: Account, amount: str, is_sign: bool) -> None:
    found = signs(sent(settled, bill(settled, amount)))
    assert [one.sign for one in found] == ([Sign.AT_THE_LIMIT] if is_sign else [])


def test_an_account_that_was_added_lately_is_a_sign_with_its_time(budi: Account) -> None:
    (found,) = signs(sent(budi))
    assert (found.sign, found.at) == (Sign.NEW_ACCOUNT, BankAccount.objects.get().added_at)


def test_the_history_holds_sent_claims_of_the_family_and_tells_the_same_provider(budi: Account, siti: Account) -> None:
    earlier = decided(budi)
    sent(siti, content=b"a stranger's")
    draft(budi)
    claim = sent(budi, content=b"new")
    (found,) = history_of(reread(claim))
    assert (found.number, found.is_same_person, found.is_same_provider) == (earlier.number, True, True)
    assert found.granted is not None
    assert found.granted.amount == 100


def test_the_queries_of_the_history_do_not_grow_with_it(budi: Account) -> None:
    claim = sent(budi, content=b"new")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            history_of(reread(claim))
        return len(captured)

    decided(budi)
    few = queries()
    for _more in range(3):
        decided(budi)
    assert queries() <= few <= 8


def test_limits_are_shown_as_of_the_day_of_treatment_and_of_today(budi: Account) -> None:
    claim = sent(budi)
    found = {one.limit.key: one for one in limits_left(reread(claim), frozenset({"doctor"}))}
    assert [one.on_the_day.left for one in found.values()] == [880]
    assert [one.on_the_day.reserved for one in found.values()] == [120], "this claim's own reservation"
    assert all(one.today is not None for one in found.values())


def test_without_a_plan_no_limits_are_shown(budi: Account) -> None:
    claim = sent(budi)
    budi.person.memberships.update(plan="unheard of")
    assert limits_left(reread(claim), frozenset({"doctor"})) == ()


def test_the_providers_history_names_nobody_and_leaves_the_family_out(budi: Account, siti: Account) -> None:
    claim = sent(budi)
    sent(budi, content=b"their own")
    other = sent(siti, content=b"of somebody else")
    elsewhere = sent(siti, content=b"elsewhere")
    Claim.objects.filter(pk=elsewhere.pk).update(provider_digest=None)
    (found,) = history_of_provider(claim)
    assert (found.number, found.granted) == (other.number, None)
    assert not hasattr(found, "person")
    claim.provider = " klinik  MELATI "
    assert [one.number for one in history_of_provider(claim)] == [other.number]
    claim.provider = ""
    assert history_of_provider(claim) == []
