"""Account numbers of each country: typing errors are found, right numbers come back in one form."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum import iban as published

from mypolis.foundation.markets.claim_rules import AccountKind
from mypolis.insurance.bank_accounts.numbers.account_number import AccountNumber, NumberError
from mypolis.insurance.bank_accounts.numbers.iban import read_iban
from mypolis.insurance.bank_accounts.numbers.indonesia import read_indonesian
from mypolis.insurance.bank_accounts.numbers.reading import may_be_read_without_bank, read_number
from mypolis.insurance.bank_accounts.numbers.russia import fits_bank, read_russian
from mypolis.insurance.bank_accounts.numbers.russian_details import Details, find_details
from mypolis.insurance.bank_accounts.numbers.serbia import read_serbian

SERBIAN = "160000012345678956"
RUSSIAN_BIK, RUSSIAN = "044525225", "40817810612345678901"

digits = st.characters(whitelist_categories=(), whitelist_characters="0123456789")
kinds = st.sampled_from([("rs",), ("iban",), ("rs", "iban"), ("ru",), ("id",), ("ru", "iban")])
separators = st.sampled_from(["", " ", "-", "\N{NO-BREAK SPACE}", "\N{EN DASH}", "\u200b"])


def code_of(kinds: tuple[AccountKind, ...], number: str, bank: str = "") -> str:
    with pytest.raises(NumberError) as told:
        read_number(kinds, number, bank=bank)
    assert str(told.value) == told.value.code, "the number itself is never told"
    return told.value.code


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("", "format"),
        ("my usual account", "format"),
        ("160-0000123456789-5O", "format"),
        ("16056", "length"),
        ("1600000123456789560", "length"),
        ("160000012345678957", "checksum"),
        ("160-0000123456798-56", "checksum"),
        ("1" * 100_000, "length"),
    ],
)
def test_a_wrong_serbian_number_is_refused(number: str, code: str) -> None:
    with pytest.raises(NumberError) as told:
        read_serbian(number)
    assert told.value.code == code


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("", "no_iban"),
        ("160000012345678956", "no_iban"),
        ("RS", "no_iban"),
        ("RS3516000001234567895", "checksum"),
        ("RS35160000012345678957", "checksum"),
        ("RS08160000012345678957", "checksum"),  # right by the IBAN's sum, wrong as a Serbian account
        ("DE89370400440532013001", "checksum"),
        ("XX63160000012345678956", "unknown_country"),
        ("DE89 3704 0044 0532 0130 00; DROP", "no_iban"),
    ],
)
def test_a_wrong_iban_is_refused(number: str, code: str) -> None:
    with pytest.raises(NumberError) as told:
        read_iban(number)
    assert told.value.code == code


@pytest.mark.parametrize(
    ("bik", "number", "code"),
    [
        ("", RUSSIAN, "bank_format"),
        ("Сбербанк", RUSSIAN, "bank_format"),
        ("04452522", RUSSIAN, "bank_length"),
        (RUSSIAN_BIK, "", "format"),
        (RUSSIAN_BIK, RUSSIAN[:-1], "length"),
        (RUSSIAN_BIK, "40817810612345678902", "checksum"),
        ("044525226", RUSSIAN, "checksum"),
        (RUSSIAN_BIK, "30101810400000000225", "correspondent"),
        ("044030827", "40702810900000002851", "not_personal"),
        (RUSSIAN_BIK, "40817840912345678901", "currency"),
    ],
)
def test_a_wrong_russian_number_is_refused(bik: str, number: str, code: str) -> None:
    assert code_of(("ru",), number, bik) == code


@pytest.mark.parametrize(
    ("bank", "number", "code"),
    [
        ("", "1234567890", "bank_format"),
        ("BCA", "1234567890", "bank_format"),
        ("14", "1234567890", "bank_length"),
        ("014", "", "format"),
        ("014", "12345abc", "format"),
        ("014", "12345", "length"),
        ("014", "1" * 21, "length"),
    ],
)
def test_a_wrong_indonesian_number_is_refused(bank: str, number: str, code: str) -> None:
    assert code_of(("id",), number, bank) == code


def test_a_market_that_pays_only_at_home_takes_no_foreign_iban() -> None:
    assert code_of(("rs",), "DE89370400440532013000") == "unknown_country"


@pytest.mark.parametrize(
    "typed",
    [
        "160-123456789-56",
        "160123456789-56",
        "16012345678956",
        SERBIAN,
        "160 0000123456789 56",
        "160\N{EN DASH}0000123456789\N{EN DASH}56",
        "１６０-123456789-５６",
        "RS35 1600 0001 2345 6789 56",
        "rs35160000012345678956",
        "IBAN RS35160000012345678956",
    ],
)
def test_a_serbian_account_is_the_same_however_it_is_typed(typed: str) -> None:
    found = read_number(("rs", "iban"), typed)

    assert found == AccountNumber(kind="rs", number=SERBIAN, grouped="160-0000123456789-56", bank="160")


def test_a_foreign_iban_is_read_back_in_groups_of_four() -> None:
    found = read_number(("rs", "iban"), "de89370400440532013000")

    assert (found.kind, found.grouped) == ("iban", "DE89 3704 0044 0532 0130 00")


def test_an_iban_typed_with_cyrillic_letters_is_understood() -> None:
    assert read_iban("МЕ25505000012345678951").number == "ME25505000012345678951"


def test_a_russian_account_is_read_back_in_the_groups_of_its_parts() -> None:
    found = read_number(("ru",), "40817 810 6 1234 5678901", bank="044 525 225")

    assert found == AccountNumber(kind="ru", number=RUSSIAN, grouped="40817 810 6 1234 5678901", bank=RUSSIAN_BIK)


@pytest.mark.parametrize(
    ("bik", "account"),
    [("044030827", "40702810900000002851"), (RUSSIAN_BIK, "30101810400000000225"), (RUSSIAN_BIK, RUSSIAN)],
)
def test_published_russian_accounts_fit_their_banks(bik: str, account: str) -> None:
    assert fits_bank(bik, account)


def test_an_indonesian_number_keeps_its_leading_zeros() -> None:
    found = read_number(("id",), "0012-3456-78", bank="014")

    assert (found.number, found.grouped, found.doubts) == ("0012345678", "0012 3456 78", ())


def test_an_unusual_length_is_only_a_doubt() -> None:
    assert read_indonesian("014", "12345678901").doubts == ("unusual_length",)


def test_a_wallets_phone_number_is_a_doubt() -> None:
    assert "looks_like_phone" in read_indonesian("542", "081234567890").doubts


def test_a_bank_unknown_to_us_is_no_error() -> None:
    assert read_indonesian("999", "123456").bank == "999"


@pytest.mark.parametrize(
    ("kinds", "number", "expected"),
    [
        (("rs", "iban"), "160", True),
        (("ru",), RUSSIAN, False),
        (("ru", "iban"), RUSSIAN, False),
        (("ru", "iban"), "DE89", True),
        (("id",), "123456", False),
    ],
)
def test_only_some_numbers_name_their_bank(kinds: tuple[AccountKind, ...], number: str, expected: bool) -> None:
    assert may_be_read_without_bank(kinds, number) is expected


@given(st.text(digits, min_size=16, max_size=16))
def test_every_right_serbian_iban_begins_with_rs35(first: str) -> None:
    control = 98 - int(f"{first}00") % 97
    number = f"{first}{control:02}"

    assert read_serbian(number).number == number
    assert published.calc_check_digits(f"RS00{number}") == "35"
    assert read_number(("rs", "iban"), f"RS35{number}") == read_serbian(number)


@given(st.text(digits, min_size=16, max_size=16), st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_in_a_serbian_number_is_found(first: str, place: int, by: int) -> None:
    number = f"{first}{98 - int(f'{first}00') % 97:02}"
    wrong = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]

    with pytest.raises(NumberError):
        read_serbian(wrong)


@given(st.integers(1, 9), st.integers(0, 19))
def test_one_wrong_digit_in_a_russian_account_is_found(by: int, place: int) -> None:
    wrong = RUSSIAN[:place] + str((int(RUSSIAN[place]) + by) % 10) + RUSSIAN[place + 1 :]
    assume(not wrong.startswith("301"))

    with pytest.raises(NumberError):
        read_russian(RUSSIAN_BIK, wrong)


@given(kinds, st.sampled_from([SERBIAN, f"RS35{SERBIAN}", RUSSIAN, "1234567890"]), st.data())
def test_separators_change_nothing(kinds: tuple[AccountKind, ...], number: str, data: st.DataObject) -> None:
    spaced = "".join(character + data.draw(separators) for character in number)

    assert _read(kinds, spaced) == _read(kinds, number)


@given(kinds, st.text(max_size=60), st.text(max_size=12))
def test_any_text_is_read_or_refused(kinds: tuple[AccountKind, ...], number: str, bank: str) -> None:
    found = _read(kinds, number, bank)

    if isinstance(found, AccountNumber):
        assert found.number.isascii()
        assert found.number.isalnum()
        assert _read(kinds, found.grouped, found.bank) == found


def _read(kinds: tuple[AccountKind, ...], number: str, bank: str = RUSSIAN_BIK) -> AccountNumber | str:
    try:
        return read_number(kinds, number, bank="014" if kinds == ("id",) and bank == RUSSIAN_BIK else bank)
    except NumberError as error:
        return error.code


ACCOUNT, BIK = "40817810612345678901", "044525225"


@pytest.mark.parametrize(
    "text",
    [
        f"{ACCOUNT} {BIK}",
        f"{BIK} {ACCOUNT}",
        f"{ACCOUNT}, БИК {BIK}",
        f"Счёт получателя: 40817 810 6 1234 5678901\nБИК: {BIK}",
        "БИК 044 525 225\r\nр/с 40817.810.6.1234.5678901",
        f"Получатель: Соколова Анна\nНомер счёта: {ACCOUNT}\nБИК банка: {BIK}\nКорр. счёт: 30101810400000000225\n"
        "ИНН: 7707083893\nКПП: 044525974\nДоговор 5012345678 от 01.02.2020, тел. +7 900 123-45-67",
        f"КПП 044525974\nБИК {BIK}\nк/с 30101810400000000225\nСчёт {ACCOUNT}",
        f"044525974 {BIK} {ACCOUNT}",
    ],
)
def test_copied_details_have_the_account_and_the_bik(text: str) -> None:
    assert find_details(text) == Details(ACCOUNT, BIK)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", Details("", "")),
        ("моя карта 2202 2061 1234 5678", Details("", "")),
        (ACCOUNT, Details(ACCOUNT, "")),
        ("4081781061234567890", Details("", "")),
        ("408178106123456789012", Details("", "")),
        (f"40817810\n612345678901 {BIK}", Details("", BIK)),
        (f"к/с 30101810400000000225, БИК {BIK}", Details("30101810400000000225", BIK)),
        (f"{ACCOUNT}, КПП 770701001", Details(ACCOUNT, "")),
    ],
)
def test_what_copied_details_do_not_have_is_not_made_up(text: str, found: Details) -> None:
    assert find_details(text) == found


@given(st.text(max_size=200))
def test_any_text_is_read_without_an_error(text: str) -> None:
    found = find_details(text)
    assert len(found.account) in (0, 20)
    assert len(found.bik) in (0, 9)
