"""A member's list of bank accounts: page and API. Nobody sees or changes another member's."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from mypolis.foundation.events.models import Event
from mypolis.insurance.bank_accounts.access import UnknownBankAccount, accounts_for, default_account, find
from mypolis.insurance.bank_accounts.models import BankAccount
from mypolis.membership.accounts.models import Account
from tests.bank_accounts.members_accounts import GERMAN, has_account, member_of
from tests.cast import MARKO
from tests.doors import ApiDoor, PageDoor
from tests.members import admit
from tests.web.safety.sessions import member

SERBIAN = "160-123456789-56"


class Holder:
    """Jelena, signed in at both doors, with two accounts."""

    def __init__(self) -> None:
        self.page, self.api = PageDoor(Client()), ApiDoor(Client())
        self.account = member_of(self.page, "rs")
        admit(self.api, self.account)
        self.german = has_account(self.account, GERMAN)
        self.serbian = has_account(self.account, SERBIAN)

    def ask(self, method: str, tail: str = "") -> Any:
        headers = {"authorization": f"Bearer {self.api.access}"}
        return self.api.client.generic(method, f"/api/v1/rs/bank-accounts{tail}", headers=headers)

    def press(self, key: object, act: str) -> Any:
        return self.page.client.post(f"/rs/bank-accounts/{key}/{act}/")


@pytest.fixture
def jelena(db: None) -> Holder:
    return Holder()


@pytest.fixture
def strange(db: None) -> BankAccount:
    """Another member's account."""
    member(MARKO)
    marko = Account.objects.get(person__given_name="Marko")
    return has_account(marko, SERBIAN)


def test_without_a_token_the_api_tells_nothing(client: Client, db: None) -> None:
    assert client.get("/api/v1/rs/bank-accounts").status_code == 401
    assert client.get("/rs/bank-accounts/").status_code == 302


def test_another_members_account_is_not_found(strange: BankAccount, jelena: Holder) -> None:
    assert jelena.ask("DELETE", f"/{strange.pk}").status_code == 404
    assert jelena.ask("POST", f"/{strange.pk}/default").status_code == 404
    assert jelena.press(strange.pk, "remove").status_code == 404
    assert jelena.press(strange.pk, "default").status_code == 404
    with pytest.raises(UnknownBankAccount):
        find(jelena.account, strange.pk)
    strange.refresh_from_db()
    assert strange.removed_at is None
    assert str(strange.pk) not in jelena.page.client.get("/rs/bank-accounts/").content.decode()


@pytest.mark.parametrize("key", [uuid4(), "1", "x" * 300])
def test_an_unknown_account_is_not_found(jelena: Holder, key: object) -> None:
    assert jelena.ask("DELETE", f"/{key}").status_code in (404, 422)
    assert jelena.press(key, "remove").status_code == 404


def test_the_list_shows_only_the_last_four_digits(jelena: Holder) -> None:
    page = jelena.page.client.get("/rs/bank-accounts/").content.decode()
    listed = jelena.ask("GET").json()["accounts"]

    assert [(one["kind"], one["shown"], one["is_default"]) for one in listed] == [
        ("rs", "•••• 8956", True),
        ("iban", "•••• 3000", False),
    ]
    assert listed[0]["bank"] == "Banca Intesa"
    for text in (page, str(listed)):
        assert "•••• 8956" in text
        assert "123456789" not in text
        assert "370400440532" not in text


def test_the_member_chooses_where_we_pay(jelena: Holder) -> None:
    assert jelena.ask("POST", f"/{jelena.german.pk}/default").json()["is_default"] is True
    assert default_account(jelena.account) == jelena.german
    assert jelena.press(jelena.serbian.pk, "default").status_code == 302
    assert default_account(jelena.account) == jelena.serbian
    assert jelena.press(jelena.serbian.pk, "default").status_code == 302
    assert Event.objects.filter(kind="bank_account.chosen").count() == 2, "the second press changes nothing"


def test_a_removed_account_is_gone_and_the_newest_of_the_others_is_paid_to(jelena: Holder) -> None:
    assert jelena.ask("DELETE", f"/{jelena.serbian.pk}").status_code == 204
    assert jelena.ask("DELETE", f"/{jelena.serbian.pk}").status_code == 404

    assert accounts_for(jelena.account) == [jelena.german]
    assert default_account(jelena.account) == jelena.german
    assert BankAccount.objects.filter(pk=jelena.serbian.pk).exists(), "claims may refer to it"


def test_the_last_account_can_be_removed(jelena: Holder) -> None:
    for one in (jelena.german, jelena.serbian):
        assert jelena.press(one.pk, "remove").status_code == 302

    assert default_account(jelena.account) is None
    assert jelena.page.client.get("/rs/bank-accounts/").status_code == 200


def test_the_number_and_the_holder_are_encrypted(jelena: Holder) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select * from bank_accounts_bankaccount")
        stored = str([[bytes(cell) if isinstance(cell, memoryview) else cell for cell in row] for row in cursor])

    assert "0123456789" not in stored
    assert "Jelena" not in stored


def test_a_member_has_one_default_at_most(jelena: Holder) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        BankAccount.objects.update(is_default=True)


def test_an_account_is_new_for_two_weeks(jelena: Holder) -> None:
    now = timezone.now()
    jelena.serbian.added_at = now - BankAccount.RECENT + timedelta(minutes=1)
    assert jelena.serbian.is_recently_changed
    jelena.serbian.added_at = now - BankAccount.RECENT
    assert not jelena.serbian.is_recently_changed


def test_the_page_more_leads_to_the_list(jelena: Holder) -> None:
    assert "/rs/bank-accounts/" in jelena.page.client.get("/rs/more/").content.decode()
