"""The rules approve small, clean claims without a person, where the market allows it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from mypolis.foundation.files.models import ReceivedFile
from mypolis.foundation.markets.claim_rules import AutomaticApproval
from mypolis.insurance.bank_accounts.models import BankAccount
from mypolis.insurance.claims.lifecycle.automatic import decide_if_small, qualifies
from mypolis.insurance.claims.lifecycle.following import Answer, answer
from mypolis.insurance.claims.lifecycle.paying import pay
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.claims.repeats import repeated
from mypolis.insurance.coverage.models import Balance
from mypolis.membership.accounts.models import Account
from tests.claims.verdicts import CORE, decide_again, questioned
from tests.claims.world import actor, bank_account, bill, paper, reread, sent

RULES = AutomaticApproval(most=Decimal(150), benefits=frozenset({"doctor"}), sampled_percent=0)


@pytest.fixture
def settled(budi: Account) -> Account:
    """A member whose bank account is old enough."""
    bank_account(budi)
    BankAccount.objects.update(added_at=timezone.now() - timedelta(days=15))
    return budi


def clean(account: Account, amount: str = "150", content: bytes = b"one") -> Claim:
    claim = sent(account, bill(account, amount), content=content)
    return reread(claim)


def test_a_small_clean_claim_qualifies(settled: Account) -> None:
    assert qualifies(clean(settled), RULES)


def test_a_larger_sum_another_benefit_or_another_currency_does_not(settled: Account) -> None:
    assert not qualifies(clean(settled, "150.01"), RULES)
    claim = clean(settled, "100", b"two")
    assert not qualifies(claim, replace(RULES, benefits=frozenset({"teeth"})))
    claim.lines.update(currency="EUR")
    assert not qualifies(claim, RULES)


def test_a_new_bank_account_needs_a_persons_eye(budi: Account) -> None:
    assert not qualifies(clean(budi), RULES)


def test_the_same_file_or_bill_in_somebody_elses_claim_needs_a_persons_eye(settled: Account, siti: Account) -> None:
    sent(siti, content=b"the same")
    assert not qualifies(clean(settled, content=b"the same"), RULES)
    sent(siti, bill(siti, "150", number="KW-7"), content=b"three")
    twice = sent(settled, bill(settled, "150", number="KW-7"), content=b"four")
    assert not qualifies(reread(twice), RULES)


def test_the_same_bill_twice_in_a_claim_needs_a_persons_eye(settled: Account) -> None:
    twice = sent(settled, *[bill(settled, "20", number="KW-7")] * 2)
    assert not qualifies(reread(twice), RULES)


def test_a_bill_that_was_paid_before_its_claim_was_rejected_needs_a_persons_eye(settled: Account) -> None:
    first = sent(settled, bill(settled, "150", number="KW-7"), content=b"one")
    decide_again(first, "100", key="d1")
    pay(claim=first, state="paid", at=timezone.now(), by=CORE)
    assert decide_again(first, "0", "rejected").state == "rejected"
    again = sent(settled, bill(settled, "150", number="KW-7"), content=b"two")
    assert not qualifies(reread(again), RULES)


def test_a_bill_that_was_rejected_and_never_paid_can_be_sent_again(settled: Account) -> None:
    first = sent(settled, bill(settled, "150", number="KW-7"), content=b"one")
    decide_again(first, "0", "rejected")
    again = sent(settled, bill(settled, "150", number="KW-7"), content=b"two")
    assert qualifies(reread(again), RULES)


def test_whoever_asked_reads_the_answer(settled: Account) -> None:
    claim = questioned(sent(settled, bill(settled, "20"), files="checking"))
    paper(claim, content=b"two")
    ReceivedFile.objects.of(claim).update(state="clean")
    given = {claim.questions.get().pk: Answer(text="I do not have it.", cannot=True)}
    answer(account=settled, claim=claim.pk, answers=given, by=actor(settled))
    claim = reread(claim)
    assert claim.state == "received"
    assert not qualifies(claim, RULES)


def test_a_claim_in_somebodys_hands_is_left_to_them(settled: Account) -> None:
    claim = clean(settled)
    claim.state = "in_review"
    assert not qualifies(claim, RULES)


def test_nothing_is_decided_where_the_market_does_not_ask_for_it(settled: Account) -> None:
    claim = clean(settled)
    assert not decide_if_small(claim.pk)
    assert reread(claim).state == "received"


@pytest.mark.parametrize(("percent", "state"), [(0, "to_be_paid"), (100, "received")])
def test_a_share_goes_to_people_and_the_rest_is_decided(
    settled: Account, monkeypatch: pytest.MonkeyPatch, percent: int, state: str
) -> None:
    claim = clean(settled)
    rules = replace(settled.profile.claims, automatic=replace(RULES, sampled_percent=percent))
    profile = replace(settled.profile, claims=rules)
    monkeypatch.setattr(Claim, "profile", property(lambda _claim: profile))
    assert decide_if_small(claim.pk) == (state != "received")
    assert not decide_if_small(claim.pk) or percent
    assert reread(claim).state == state


def test_what_the_rules_would_reject_goes_to_people(settled: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    claim = clean(settled)
    claim.lines.update(refusal="not_needed")
    profile = replace(settled.profile, claims=replace(settled.profile.claims, automatic=RULES))
    monkeypatch.setattr(Claim, "profile", property(lambda _claim: profile))
    assert not decide_if_small(claim.pk)
    assert (reread(claim).state, claim.decisions.count()) == ("received", 0)
    assert sum(row.reserved_amount for row in Balance.objects.all()) == 120, "80 % of 150 stay reserved"


def test_the_queries_do_not_grow_with_bills_and_files(settled: Account) -> None:
    def queries(claim: Claim) -> int:
        claim = Claim.objects.select_related("membership__policy", "pay_to").get(pk=claim.pk)
        with CaptureQueriesContext(connection) as captured:
            assert qualifies(claim, RULES)
        return len(captured)

    few = queries(sent(settled, bill(settled, "10", number="KW-1"), content=b"one"))
    larger = sent(settled, *(bill(settled, "10", number=f"KW-2{place}") for place in range(5)), content=b"two")
    for place in range(3):
        paper(larger, f"report-{place}", content=f"report {place}".encode())
    assert queries(larger) == few


def test_both_lines_with_a_bill_of_another_claim_are_found(settled: Account, siti: Account) -> None:
    first = sent(siti, bill(siti, "20", number="KW-7"), content=b"three")
    twice = sent(settled, *[bill(settled, "20", number="KW-7")] * 2, content=b"four")
    assert repeated(twice) == dict.fromkeys((str(line.pk) for line in twice.lines.all()), first)


def test_the_job_is_queued_only_where_the_market_asks_for_it(settled: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    queued = ProcrastinateJob.objects.filter(task_name="claims.decide_small")
    clean(settled)
    assert not queued.exists()
    profile = replace(settled.profile, claims=replace(settled.profile.claims, automatic=RULES))
    monkeypatch.setattr(Claim, "profile", property(lambda _claim: profile))
    claim = clean(settled, "100", b"two")
    assert [job.args for job in queued] == [{"claim": str(claim.pk)}]
