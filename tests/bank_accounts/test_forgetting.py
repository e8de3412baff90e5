"""Removed bank accounts are deleted after a while, those of claims are kept."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mypolis.foundation.events.models import Event
from mypolis.insurance.bank_accounts.jobs import forget_removed
from mypolis.insurance.bank_accounts.models import BankAccount
from mypolis.insurance.bank_accounts.retention import REMOVED
from mypolis.insurance.claims.models import Claim
from mypolis.membership.accounts.models import Account
from tests.bank_accounts.members_accounts import GERMAN, has_account
from tests.cast import JELENA
from tests.web.safety.sessions import member


@pytest.fixture
def jelena(db: None) -> Account:
    member(JELENA)
    return Account.objects.get()


def removed(account: BankAccount, *, since: timedelta) -> BankAccount:
    BankAccount.objects.filter(pk=account.pk).update(removed_at=timezone.now() - since, is_default=False)
    return account


def test_an_account_in_use_or_removed_lately_is_kept(jelena: Account) -> None:
    has_account(jelena, GERMAN)
    removed(has_account(jelena, "160-123456789-56"), since=REMOVED.life - timedelta(minutes=1))

    forget_removed.func(0)

    assert BankAccount.objects.count() == 2
    assert not Event.objects.filter(kind="bank_account.forgotten").exists()


def test_an_account_to_which_a_claim_refers_is_kept(jelena: Account) -> None:
    paid = removed(has_account(jelena, GERMAN), since=REMOVED.life + timedelta(days=1))
    membership = jelena.person.memberships.get()
    Claim.objects.create(market="rs", membership=membership, account=jelena, pay_to=paid)

    forget_removed.func(0)

    assert BankAccount.objects.filter(pk=paid.pk).exists()


def test_another_removed_account_is_deleted_and_counted(jelena: Account) -> None:
    removed(has_account(jelena, GERMAN), since=REMOVED.life + timedelta(minutes=1))

    forget_removed.func(0)
    forget_removed.func(0)

    assert not BankAccount.objects.exists()
    assert Event.objects.get(kind="bank_account.forgotten").facts["deleted"] == 1
