"""From a draft to a new bank account and back: whatever happens on the way, the draft is paid to the new account."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from mypolis.insurance.bank_accounts.models import BankAccount
from mypolis.insurance.claims.lifecycle.sending import submit
from mypolis.insurance.claims.models import Claim
from mypolis.membership.accounts.models import Account
from tests.bank_accounts.members_accounts import ANSWERS, has_account, member_of
from tests.cast import BUDI
from tests.claims.world import actor, bank_account, complete, draft, reread
from tests.coverage.books import loaded
from tests.doors import PageDoor
from tests.files.conftest import folder
from tests.post import Post

__all__ = ["folder"]


class Way:
    """The way from a draft to the journey, as the browser walks it: it follows each answer's address."""

    def __init__(self, client: Client, claim: Claim) -> None:
        self.client, self.claim = client, claim
        self.address = f"/id/bank-account/?return_to=draft:{claim.pk}"
        self.page: Any = client.get(self.address)

    def send(self, **data: str) -> Any:
        answer = self.client.post(self.address, data)
        if answer.status_code == 302:
            self.address = answer["Location"]
            self.page = self.client.get(self.address)
        else:
            self.page = answer
        return answer


@pytest.fixture
def budi(client: Client, post: Post, folder: Path, tmp_path: Path) -> Account:
    """A member with a plan who signed in just now."""
    account = member_of(PageDoor(client), "id")
    loaded(tmp_path)
    account.person.memberships.update(plan="gold")
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return account


def test_errors_a_new_code_another_language_and_going_back_keep_the_way_to_the_draft(
    client: Client, post: Post, budi: Account
) -> None:
    claim = draft(budi)
    way = Way(client, claim)
    assert f'href="/id/claims/{claim.pk}/review/"' in way.page.content.decode(), "there is a way back at once"
    assert way.send(step="bank-account", **ANSWERS["id"] | {"account_number": "1"}).status_code == 422
    way.send(step="bank-account", **ANSWERS["id"])
    assert way.page.context["step"].name == "code"
    assert way.send(step="code", code="000000").status_code == 422
    way.send(resend="1")
    way.send(switch_language="id")
    way.send(back="bank-account")
    assert way.page.context["step"].name == "bank-account"
    way.send(step="bank-account", **ANSWERS["id"])
    way.send(step="code", code=post.code(BUDI.email))
    assert way.address == f"/id/claims/{claim.pk}/review/"
    assert way.page.context["pay_to"] == reread(claim).pay_to == BankAccount.objects.get()


def test_the_new_account_replaces_the_one_that_was_chosen(client: Client, post: Post, budi: Account) -> None:
    first = has_account(budi, "9988776655", bank="008")
    claim = draft(budi)
    assert claim.pay_to == first
    way = Way(client, claim)
    way.send(step="bank-account", **ANSWERS["id"])
    way.send(step="code", code=post.code(BUDI.email))
    new = BankAccount.objects.exclude(pk=first.pk).get()
    assert way.page.context["pay_to"] == reread(claim).pay_to == new


def test_a_claim_that_was_sent_meanwhile_keeps_its_account(client: Client, post: Post, budi: Account) -> None:
    claim = complete(budi)
    first = bank_account(budi)
    way = Way(client, claim)
    way.send(step="bank-account", **ANSWERS["id"] | {"account_number": "5566778899"})
    submit(account=budi, claim=claim.pk, by=actor(budi))
    assert way.send(step="code", code=post.code(BUDI.email)).status_code == 302
    assert BankAccount.objects.count() == 2
    assert reread(claim).pay_to == first


def test_a_journey_that_begins_elsewhere_does_not_end_at_an_old_draft(
    client: Client, post: Post, budi: Account
) -> None:
    claim = draft(budi)
    way = Way(client, claim)
    way.send(step="bank-account", **ANSWERS["id"])
    way.address = "/id/bank-account/"
    way.page = client.get(way.address)
    assert way.page.context["step"].name == "bank-account", "the menu leads to a journey of its own"
    assert "Back to your claim" not in way.page.content.decode()
    way.send(step="bank-account", **ANSWERS["id"])
    way.send(step="code", code=post.code(BUDI.email))
    assert way.address == "/id/bank-account/"
    assert reread(claim).pay_to is None
