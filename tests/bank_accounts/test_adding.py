"""A member adds a bank account: nothing is saved before the code, and every contact point is told."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pyotp import TOTP

from mypolis.foundation.events import Actor
from mypolis.foundation.events.models import Event
from mypolis.foundation.factors import time_codes
from mypolis.foundation.factors.passwords.password_rules import hash_password
from mypolis.insurance.bank_accounts import returning
from mypolis.insurance.bank_accounts.flows import MOST
from mypolis.insurance.bank_accounts.journey import FRESH
from mypolis.insurance.bank_accounts.models import BankAccount
from mypolis.insurance.bank_accounts.returning import Return
from mypolis.membership.accounts.codes import authenticators
from mypolis.membership.accounts.limits import PASSWORD_TRIES
from mypolis.membership.accounts.models import ContactPoint, Device
from mypolis.membership.accounts.passwords.flows import change_password
from tests.bank_accounts.members_accounts import (
    ANSWERS,
    CODE_TO,
    GERMAN,
    add_account,
    describe,
    has_account,
    member_of,
)
from tests.cast import JELENA, NEW_PASSWORD, PASSWORD
from tests.doors import ApiDoor, Door, PageDoor
from tests.post import Post

CLAIM = "7f3bfb3e-1a52-4a53-9d0a-5f6f1b0f2c11"


def signed_in_long_ago() -> None:
    Device.objects.update(signed_in_at=timezone.now() - FRESH - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("market", "changes", "error"),
    [
        ("rs", {"account_number": "160-123456789-57"}, ("account_number", "checksum")),
        ("rs", {"account_number": "RS08160000012345678957"}, ("account_number", "checksum")),
        ("rs", {"account_number": "DE89"}, ("account_number", "no_iban")),
        ("rs", {"account_number": ""}, ("account_number", "required")),
        ("rs", {"holder": ""}, ("holder", "required")),
        ("rs", {"holder": "Jelena\u202epetrović"}, ("holder", "unsafe")),
        ("ru", {"bik": ""}, ("bik", "required")),
        ("ru", {"bik": "04452522"}, ("bik", "bank_length")),
        ("ru", {"bik": "044525974"}, ("account_number", "checksum")),
        ("ru", {"account_number": "30101810400000000225"}, ("account_number", "correspondent")),
        ("ru", {"account_number": "40817840912345678901"}, ("account_number", "currency")),
        ("id", {"bank": ""}, ("bank", "required")),
        ("id", {"bank": "BCA"}, ("bank", "invalid_choice")),
        ("id", {"account_number": "12345"}, ("account_number", "length")),
        ("id", {"bank": "other"}, ("bank_code", "required")),
        ("id", {"bank": "other", "bank_code": "12"}, ("bank_code", "bank_length")),
        ("id", {"bank": "other", "bank_code": "BJB"}, ("bank_code", "bank_format")),
    ],
)
def test_wrong_details_are_refused_at_their_field(
    door: Door, market: str, changes: dict[str, str], error: tuple[str, str]
) -> None:
    member_of(door, market)

    reply = describe(door, market, **changes)

    assert reply.status == 422
    assert error in reply.errors
    assert not BankAccount.objects.exists()


def test_without_a_session_nobody_begins(door: Door, db: None) -> None:
    assert door.start("rs", "bank-account").step != "bank-account"


def test_nothing_is_saved_before_the_code_and_a_wrong_code_saves_nothing(door: Door, post: Post) -> None:
    member_of(door, "rs")
    assert describe(door, "rs").step == "code"

    assert door.answer("code", code="000000").codes == {"wrong"}
    assert not BankAccount.objects.exists()


def test_some_time_after_sign_in_the_password_is_asked_too(door: Door, post: Post) -> None:
    member_of(door, "rs")
    signed_in_long_ago()

    assert describe(door, "rs").errors == {("password", "required")}
    assert describe(door, "rs", password="guess").errors == {("password", "wrong")}
    assert describe(door, "rs", password=PASSWORD).step == "code"


def test_wrong_passwords_are_counted(door: Door, post: Post) -> None:
    member_of(door, "rs")
    signed_in_long_ago()
    for _try in range(PASSWORD_TRIES.most):
        describe(door, "rs", password="guess")

    assert describe(door, "rs", password=PASSWORD).status == 429


def test_a_member_whom_no_code_can_reach_is_told_so(door: Door, post: Post) -> None:
    member_of(door, "rs")
    ContactPoint.objects.all().delete()

    assert describe(door, "rs").errors == {("", "no_contact")}


def test_a_password_changed_meanwhile_ends_the_journey(door: Door, post: Post) -> None:
    account = member_of(door, "rs")
    describe(door, "rs")
    code = post.code(CODE_TO["rs"])
    change_password(account=account, password_hash=hash_password(NEW_PASSWORD), by=_by(account.pk))

    door.answer("code", code=code)

    assert not BankAccount.objects.exists()


@pytest.mark.parametrize("market", ["rs", "id", "ru"])
def test_after_the_code_the_account_is_saved_and_every_contact_point_is_told(
    door: Door, post: Post, market: str
) -> None:
    account = member_of(door, market)
    ContactPoint.objects.update(confirmed_at=timezone.now())

    reply = add_account(door, post, market)

    assert (reply.status, reply.step) == (200, None)
    added = BankAccount.objects.get()
    assert (added.account, added.kind, added.is_default) == (account, market, True)
    assert added.holder == ANSWERS[market]["holder"]
    assert added.is_recently_changed
    for point in account.contact_points.all():
        letter = next(one for one in post.to(point.value) if one.template == "bank-account-added")
        assert added.last_digits in letter.text
        assert added.number not in letter.text
    event = Event.objects.get(kind="bank_account.added")
    assert (event.actor_kind, event.actor_id, event.subject) == (
        "member",
        str(account.pk),
        f"bank_accounts.bankaccount:{added.pk}",
    )


def test_the_number_is_read_back_in_groups_before_it_is_saved(door: Door, post: Post) -> None:
    member_of(door, "rs")

    reply = describe(door, "rs")

    assert "160-0000123456789-56" in reply.text
    assert "Banca Intesa" in reply.text


@pytest.mark.parametrize(
    ("market", "changes", "hint"),
    [
        ("rs", {"holder": "Marko Petrović"}, "differs"),
        ("id", {"account_number": "081234567890"}, "phone number"),
        ("id", {"account_number": "123456789012"}, "another length"),
    ],
)
def test_what_is_doubtful_is_asked_kindly(
    client: Client, post: Post, market: str, changes: dict[str, str], hint: str
) -> None:
    door = PageDoor(client)
    member_of(door, market)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"

    reply = describe(door, market, **changes)

    assert reply.step == "code"
    assert hint in door.context["shows"]["notes"]


def test_the_copied_details_of_a_russian_account_are_enough(door: Door, post: Post) -> None:
    member_of(door, "ru")
    details = "Счёт: 40817 810 6 1234 5678901\nБИК: 044525225\nИНН: 7707083893\nКорр. счёт: 30101810400000000225"

    assert add_account(door, post, "ru", account_number=details, bik="").step is None

    added = BankAccount.objects.get()
    assert (added.number, added.bank) == ("40817810612345678901", "044525225")


def test_copied_details_without_a_number_are_refused_in_words_that_help(client: Client, post: Post) -> None:
    door = PageDoor(client)
    member_of(door, "ru")
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"

    reply = describe(door, "ru", account_number="Счёт •••• 8901, БИК: 044525225", bik="")

    assert ("account_number", "format") in reply.errors
    assert "We find no account number of 20 digits here" in reply.text


def test_a_bank_that_is_not_on_the_list_is_named_by_its_code(door: Door, post: Post) -> None:
    member_of(door, "id")

    assert add_account(door, post, "id", bank="other", bank_code="129").step is None

    assert BankAccount.objects.get().bank == "129"


def test_the_same_account_is_added_once_however_it_is_typed(door: Door, post: Post) -> None:
    account = member_of(door, "rs")
    has_account(account, "160-123456789-56")

    assert describe(door, "rs", account_number="RS35160000012345678956").errors == {("account_number", "same")}


def test_two_journeys_for_the_same_account_save_it_once(post: Post, client: Client) -> None:
    one = ApiDoor(client)
    account = member_of(one, "rs")
    describe(one, "rs")
    code = post.code(CODE_TO["rs"])
    has_account(account, "160-123456789-56")

    assert one.answer("code", code=code).errors == {("account_number", "same")}
    assert BankAccount.objects.count() == 1


def test_the_number_of_accounts_of_a_member_is_limited(door: Door, post: Post) -> None:
    account = member_of(door, "id")
    for number in range(MOST):
        has_account(account, f"12345678{number:02}", bank="014")

    assert describe(door, "id").errors == {("", "too_many")}


def test_a_new_account_is_the_one_for_payments(door: Door, post: Post) -> None:
    account = member_of(door, "rs")
    first = has_account(account, GERMAN)

    add_account(door, post, "rs")

    first.refresh_from_db()
    assert not first.is_default
    assert account.bank_accounts.get(is_default=True).kind == "rs"


def test_a_removed_account_can_be_added_again_and_is_new_then(door: Door, post: Post) -> None:
    account = member_of(door, "rs")
    removed = has_account(account, "160-123456789-56")
    BankAccount.objects.update(removed_at=timezone.now(), is_default=False)

    add_account(door, post, "rs")

    assert account.bank_accounts.kept().get().pk != removed.pk


def test_the_authenticator_app_is_taken_instead_of_a_code(door: Door, post: Post) -> None:
    account = member_of(door, "ru")
    secret = time_codes.new_secret()
    authenticators.link(account=account, secret=secret, step=0, by=_by(account.pk))

    assert describe(door, "ru").step == "code"
    assert "code" not in [letter.template for letter in post.to(CODE_TO["ru"])]
    assert door.answer("code", code=TOTP(secret).now()).step is None
    assert BankAccount.objects.exists()


def test_whoever_came_from_a_claim_goes_back_to_it(client: Client, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    page: Any = Return("family", "family-mandate")  # stands in for a claim's page: a route with a key
    monkeypatch.setattr(returning, "extensions", lambda _point: [page])
    member_of(PageDoor(client), "rs")
    address = f"/rs/bank-account/?return_to=family:{CLAIM}"
    client.get(address)
    client.post(address, {"step": "bank-account", **ANSWERS["rs"]})

    done = client.post(address, {"step": "code", "code": post.code(JELENA.mobile)})

    assert done["Location"] == f"/rs/family/mandates/{CLAIM}/?bank_account={BankAccount.objects.get().pk}"


def test_nobody_returns_to_an_unknown_page_or_another_site(client: Client, post: Post) -> None:
    member_of(PageDoor(client), "rs")
    for where in ("//evil.example", "claim:not-a-key", f"unknown:{CLAIM}", "x" * 5000):
        address = f"/rs/bank-account/?return_to={where}"
        BankAccount.objects.all().delete()
        client.get(address)
        client.post(address, {"step": "bank-account", **ANSWERS["rs"]})

        done = client.post(address, {"step": "code", "code": post.code(JELENA.mobile)}, follow=True)

        assert BankAccount.objects.exists(), where
        assert done.status_code == 200
        assert done.request["PATH_INFO"] == "/rs/bank-account/"


def test_a_journey_begun_for_another_claim_is_left(client: Client, post: Post) -> None:
    member_of(PageDoor(client), "rs")
    client.post("/rs/bank-account/?return_to=claim:1", {"step": "bank-account", **ANSWERS["rs"]})
    assert client.get("/rs/bank-account/?return_to=claim:1").context["step"].name == "code"

    assert client.get("/rs/bank-account/?return_to=claim:2").context["step"].name == "bank-account"


def _by(account: int) -> Actor:
    return Actor("member", str(account))


@pytest.mark.django_db
def test_who_saved_an_account_can_look_at_the_list_or_add_another(client: Client, post: Post) -> None:
    member_of(PageDoor(client), "rs")
    client.post("/rs/bank-account/", {"step": "bank-account", **ANSWERS["rs"]})
    done = client.post("/rs/bank-account/", {"step": "code", "code": post.code(JELENA.mobile)}, follow=True)
    page = done.content.decode()
    assert 'href="/rs/bank-accounts/"' in page.partition("<main")[2]
    assert "Dodaj drugi bankovni račun" in page
    assert "Počni ponovo" not in page


@pytest.mark.django_db
def test_a_russian_number_that_does_not_fit_the_bik_says_to_compare_both(client: Client) -> None:
    member_of(PageDoor(client), "ru")
    wrong = {**ANSWERS["ru"], "bik": "044525974"}
    page = client.post("/ru/bank-account/", {"step": "bank-account", **wrong}).content.decode()
    assert "Номер и БИК не подходят друг к другу." in page.replace("\xa0", " ")
