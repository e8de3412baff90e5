"""Phone numbers: the special cases of the three markets, and notations that must give the same number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypolis.foundation.lib.phones import PhoneError, format_phone, mask_phone, parse_any_mobile, parse_mobile


@pytest.mark.parametrize(
    ("text", "region", "code"),
    [
        ("", "RU", "not_a_number"),
        ("+", "RU", "not_a_number"),
        ("нет", "RU", "not_a_number"),
        ("9.16123E+09", "RU", "not_a_number"),
        ("8 916 123-45-6", "RU", "not_a_number"),
        ("8 916 123-45-67, 8 916 123-45-68", "RU", "not_a_number"),
        ("8 916 ABC-45-67", "RU", "not_a_number"),
        ("8 9I6 123-45-67", "RU", "not_a_number"),
        ("tel:064-1234567;phone-context=+381", "RS", "not_a_number"),
        ("1" * 100_000, "RU", "not_a_number"),
        ("\0", "ID", "not_a_number"),
        ("8 916 123 45 67 доб. 12", "RU", "has_extension"),
        ("064 1234567 ext 5", "RS", "has_extension"),
        ("064 1234567 x5", "RS", "has_extension"),
        ("8-800-555-35-35", "RU", "not_mobile"),
        ("+7 495 123-45-67", "RU", "not_mobile"),
        ("84951234567", "RU", "not_mobile"),
        ("1500037", "ID", "not_mobile"),
        ("(021) 555 1234", "ID", "not_mobile"),
        ("0804 1 500 037", "ID", "not_mobile"),
        ("0700 123 456", "RS", "not_mobile"),
        ("011/123-4567", "RS", "not_mobile"),
        ("+7 701 123-45-67", "RU", "wrong_country"),
        ("8 701 123-45-67", "RU", "wrong_country"),
        ("+375 29 123-45-67", "RU", "wrong_country"),
        ("8-10-381-64-123-45-67", "RU", "wrong_country"),
        ("+7 916 123-45-67", "RS", "wrong_country"),
        ("+381 64 123 4567", "ID", "wrong_country"),
    ],
)
def test_what_is_no_mobile_of_the_region_is_refused_by_its_code(text: str, region: str, code: str) -> None:
    with pytest.raises(PhoneError) as told:
        parse_mobile(text, region=region)
    assert told.value.code == code
    assert str(told.value) == code


@pytest.mark.parametrize(
    ("text", "region", "e164"),
    [
        ("62812345678", "ID", "+62812345678"),
        ("+62 0812 345 678", "ID", "+62812345678"),
        ("62-812-345-678", "ID", "+62812345678"),
        ("(62) 812345678", "ID", "+62812345678"),
        ("0812-345-678", "ID", "+62812345678"),
        ("812345678", "ID", "+62812345678"),
        ("٠٨١٢٣٤٥٦٧٨", "ID", "+62812345678"),
        ("６２８１２３４５６７８", "ID", "+62812345678"),
        ("+381 (0)64 123 4567", "RS", "+381641234567"),
        ("064/123-4567", "RS", "+381641234567"),
        ("381 64 1234567", "RS", "+381641234567"),
        ("00381 64 1234567", "RS", "+381641234567"),
        ("00 381 (0)64 1234567", "RS", "+381641234567"),
        ("64 1234567", "RS", "+381641234567"),
        ("8 (916) 123-45-67", "RU", "+79161234567"),
        ("8916 1234567", "RU", "+79161234567"),
        ("+7 916 123–45–67", "RU", "+79161234567"),
        ("＋7 916 1234567", "RU", "+79161234567"),
        ("\u202a+7\u00a0916\u00a0123-45-67\u202c", "RU", "+79161234567"),
        ("79161234567", "RU", "+79161234567"),
        ("007 916 123 45 67", "RU", "+79161234567"),
        ("9161234567", "RU", "+79161234567"),
    ],
)
def test_the_notations_of_a_region_give_one_number(text: str, region: str, e164: str) -> None:
    assert parse_mobile(text, region=region) == e164


@given(st.integers(0, 9_999_999))
def test_four_notations_of_any_russian_mobile_are_one_number(tail: int) -> None:
    national = f"916{tail:07}"
    spellings = [
        f"+7{national}",
        f"7{national}",
        f"8 ({national[:3]}) {national[3:6]}-{national[6:]}",
        national,
    ]
    assert {parse_mobile(spelling, region="RU") for spelling in spellings} == {f"+7{national}"}


@given(st.sampled_from(["811", "812", "813", "857", "878", "896"]), st.integers(0, 9_999_999))
def test_four_notations_of_any_indonesian_mobile_are_one_number(prefix: str, tail: int) -> None:
    national = f"{prefix}{tail:07}"
    spellings = [f"+62{national}", f"62{national}", f"0{national[:3]}-{national[3:]}", f"+62 0{national}"]
    assert {parse_mobile(spelling, region="ID") for spelling in spellings} == {f"+62{national}"}


@given(st.sampled_from(["60", "61", "62", "63", "64", "65", "66", "69"]), st.integers(0, 9_999_999))
def test_four_notations_of_any_serbian_mobile_are_one_number(prefix: str, tail: int) -> None:
    national = f"{prefix}{tail:07}"
    spellings = [
        f"+381{national}",
        f"381{national}",
        f"0{national[:2]}/{national[2:]}",
        f"+381 (0){national}",
    ]
    assert {parse_mobile(spelling, region="RS") for spelling in spellings} == {f"+381{national}"}


@given(st.text(max_size=50), st.sampled_from(["RS", "ID", "RU"]))
def test_any_text_is_a_stable_number_or_refused(text: str, region: str) -> None:
    try:
        number = parse_mobile(text, region=region)
    except PhoneError:
        return
    assert parse_mobile(number, region=region) == number


@pytest.mark.parametrize(
    ("text", "e164"),
    [
        ("+375 29 123-45-67", "+375291234567"),
        ("8-10-381-64-123-45-67", "+381641234567"),
        ("+7 701 123-45-67", "+77011234567"),
        ("8 916 123-45-67", "+79161234567"),
        ("+1 202 555 0123", "+12025550123"),
    ],
)
def test_a_list_may_hold_foreign_mobiles(text: str, e164: str) -> None:
    assert parse_any_mobile(text, region="RU") == e164


def test_a_foreign_landline_is_no_mobile_either() -> None:
    with pytest.raises(PhoneError) as told:
        parse_any_mobile("+375 17 123-45-67", region="RU")
    assert told.value.code == "not_mobile"


def test_numbers_are_written_as_the_region_writes_them() -> None:
    assert format_phone("+79161234567", region="RU") == "8 (916) 123-45-67"
    assert format_phone("+381641234567", region="RS") == "064 1234567"
    assert format_phone("+79161234567", region="RS") == "+7 916 123-45-67"
    assert format_phone("+77011234567", region="RU") == "+7 701 123 4567"


@pytest.mark.parametrize(
    ("e164", "masked"),
    [
        ("+79161234567", "+7 ••• •••-••-67"),
        ("+62812345678", "+62 •••-•••-•78"),
        ("+381641234567", "+381 •• •••••67"),
    ],
)
def test_a_masked_number_shows_its_country_and_last_two_digits(e164: str, masked: str) -> None:
    assert mask_phone(e164) == masked
