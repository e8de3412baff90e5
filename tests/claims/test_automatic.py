"""Small, clean claims that rules decide without a person, where the market allows it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from mypolis.foundation.markets.claim_rules import AutomaticApproval
from mypolis.insurance.bank_accounts.models import BankAccount
from mypolis.insurance.claims.lifecycle.automatic import decide_if_small, qualifies
from mypolis.insurance.claims.models import Claim
from mypolis.membership.accounts.models import Account
from tests.claims.world import bank_account, bill, reread, sent

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


def test_the_job_is_queued_only_where_the_market_asks_for_it(settled: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    queued = ProcrastinateJob.objects.filter(task_name="claims.decide_small")
    clean(settled)
    assert not queued.exists()
    profile = replace(settled.profile, claims=replace(settled.profile.claims, automatic=RULES))
    monkeypatch.setattr(Claim, "profile", property(lambda _claim: profile))
    claim = clean(settled, "100", b"two")
    assert [job.args for job in queued] == [{"claim": str(claim.pk)}]
