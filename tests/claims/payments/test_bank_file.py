"""Names that a bank does not take are refused, and a written file says what was given to the writer."""

import csv
import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypolis.foundation.lib.money import Money
from mypolis.foundation.markets import market
from mypolis.foundation.markets.bank_profile import BankProfile
from mypolis.insurance.claims.payments.bank_file import BankPayment, PaymentFile, Unwritable, render, written_for
from mypolis.insurance.claims.payments.findings import findings
from mypolis.insurance.claims.payments.writers.plain_csv import COLUMNS

PLAIN = BankProfile()
PAYMENT = BankPayment(
    reference="C-2026-000123-1-1",
    money=Money(Decimal("150.00"), "IDR"),
    name="Budi Santoso",
    kind="id",
    bank="014",
    number="0012345678",
    text="C-2026-000123",
)
NAMES = st.text(st.sampled_from(sorted(PLAIN.characters)), min_size=1, max_size=70).filter(lambda one: one[0].isalnum())


def named(name: str) -> BankPayment:
    return replace(PAYMENT, name=name)


def bank_of(code: str) -> BankProfile:
    bank = market(code).claims.bank
    assert bank is not None
    return bank


@pytest.mark.parametrize(
    ("name", "code", "character"),
    [
        ("", "no_name", ""),
        ("Jiří Novák", "character", "U+0159"),
        ('Budi "B" Santoso', "character", "U+0022"),
        ("Budi; DROP", "character", "U+003B"),
        ("Budi\nSantoso", "character", "U+000A"),
        ("=1+1", "character", "U+003D"),
        ("+62 Budi", "first_character", "U+002B"),
        ("-Budi", "first_character", "U+002D"),
        ("B" * 71, "too_long", ""),
    ],
)
def test_a_name_that_the_bank_does_not_take_is_refused(name: str, code: str, character: str) -> None:
    with pytest.raises(Unwritable) as refused:
        written_for(PLAIN, named(name))
    assert (refused.value.code, refused.value.character) == (code, character)
    assert name not in str(refused.value) or not name


def test_a_refusal_never_says_the_name() -> None:
    with pytest.raises(Unwritable) as refused:
        written_for(PLAIN, named("Đorđe Živković"))
    assert str(refused.value) == "character U+0110"


def test_only_a_profile_that_says_so_writes_cyrillic_names_in_latin_letters() -> None:
    assert written_for(bank_of("rs"), named("Ђорђе Живковић")).name == "Đorđe Živković"
    assert written_for(bank_of("ru"), named("Фёдор Щукин")).name == "Фёдор Щукин"
    with pytest.raises(Unwritable):
        written_for(bank_of("id"), named("Фёдор Щукин"))


@given(name=st.text(max_size=80))
def test_a_name_is_refused_or_written_as_it_is(name: str) -> None:
    try:
        assert written_for(PLAIN, named(name)).name == name
    except Unwritable:
        fits = 0 < len(name) <= PLAIN.longest_name and set(name) <= PLAIN.characters and name[0].isalnum()
        assert not fits


@given(
    names=st.lists(NAMES, max_size=5),
    amounts=st.lists(st.decimals("0.01", "999999999999.99", places=2), min_size=5, max_size=5),
)
def test_what_is_written_can_be_read_back_and_is_the_same_every_time(names: list[str], amounts: list[Decimal]) -> None:
    payments = tuple(
        replace(written_for(PLAIN, named(name)), money=Money(amount, "RSD"), reference=f"C-2026-{place:06}-1-1")
        for place, (name, amount) in enumerate(zip(names, amounts, strict=False))
    )
    file = PaymentFile(run="P-2026-000001", day=date(2026, 11, 30), payments=payments)
    written = render(PLAIN, file)
    assert written == render(PLAIN, file)
    header, *rows = csv.reader(io.StringIO(written.decode(), newline=""), strict=True)
    assert tuple(header) == COLUMNS
    for row, payment in zip(rows, payments, strict=True):
        amount = f"{payment.money.amount:.2f}"
        account = [payment.name, "id", "014", "0012345678"]
        assert row == ["P-2026-000001", "2026-11-30", payment.reference, amount, "RSD", *account, "C-2026-000123"]
    assert sum(Decimal(row[3]) for row in rows) == sum(one.money.amount for one in payments)


def test_zeros_at_the_front_of_an_account_stay() -> None:
    written = render(PLAIN, PaymentFile(run="P-2026-000001", day=date(2026, 11, 30), payments=(PAYMENT,)))
    last = "C-2026-000123-1-1,150.00,IDR,Budi Santoso,id,014,0012345678,C-2026-000123"
    assert written.endswith(f"{last}\r\n".encode())


def test_a_writer_that_does_not_exist_is_found_before_anybody_pays() -> None:
    wrong = replace(market("id"), claims=replace(market("id").claims, bank=BankProfile(writer="mypolis.nowhere.write")))
    assert list(findings([market("rs"), market("id")])) == []
    assert list(findings([wrong])) == ["id: claims.bank: there is no function mypolis.nowhere.write"]
