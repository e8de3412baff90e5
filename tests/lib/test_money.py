"""Money, formatted for each language."""

from decimal import Decimal

import pytest
from django.template import engines
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from mypolis.foundation.lib.money import Money, format_money


@pytest.mark.parametrize(
    ("language", "amount", "currency", "written"),
    [
        ("sr-latn", "1250", "RSD", "1.250 RSD"),
        ("id", "1250000", "IDR", "Rp 1.250.000"),
        ("id", "1250000.50", "IDR", "Rp 1.250.000,50"),
        ("ru", "1250.5", "RUB", "1 250,50 ₽"),
        ("en", "1250", "RSD", "RSD 1,250"),
        ("en", "1250000", "IDR", "IDR 1,250,000"),
        ("ru", "1250.5", "EUR", "1 250,50 EUR"),
        ("sr-latn", "999.99", "RSD", "999,99 RSD"),
        ("sr-latn", "0", "RSD", "0 RSD"),
        ("ru", "-12345678.9", "RUB", "−12 345 678,90 ₽"),
        ("id", "-5000", "IDR", "−Rp 5.000"),
        ("sr-latn", "1E+6", "RSD", "1.000.000 RSD"),
    ],
)
def test_an_amount_is_written_as_the_language_writes_it(
    language: str, amount: str, currency: str, written: str
) -> None:
    with translation.override(language):
        assert format_money(Money(Decimal(amount), currency)) == written.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        *[(amount, "RSD") for amount in ("1.005", "NaN", "Infinity", "1E+15", "-1E+40")],
        *[("1", currency) for currency in ("rsd", "€", "", "DINAR")],
    ],
)
def test_what_is_no_amount_of_money_cannot_be_made(amount: str, currency: str) -> None:
    with pytest.raises(ValueError, match="is not"):
        Money(Decimal(amount), currency)


@given(
    st.decimals(min_value=-(10**12), max_value=10**12, places=2, allow_nan=False, allow_infinity=False),
    st.sampled_from(["sr-latn", "id", "ru", "en"]),
    st.sampled_from(["RSD", "IDR", "RUB"]),
)
def test_no_digit_is_lost_and_no_line_breaks_inside(amount: Decimal, language: str, currency: str) -> None:
    with translation.override(language):
        text = format_money(Money(amount, currency))
    digits = "".join(sign for sign in text if sign.isdigit())
    cents = abs(amount) * (1 if amount == amount.to_integral_value() else 100)
    assert int(digits) == cents
    assert " " not in text


@pytest.mark.parametrize(
    ("language", "page"), [("id", "Rp 1.250.000, 0812-3456-7890, "), ("en", "IDR 1,250,000, 0812-3456-7890, ")]
)
def test_templates_write_amounts_and_phone_numbers(language: str, page: str) -> None:
    source = "{% load local %}{{ limit|money }}, {{ mobile|phone:'ID' }}, {{ none|money }}"
    with translation.override(language):
        shown = (
            engines["django"]
            .from_string(source)
            .render({"limit": Money(Decimal(1_250_000), "IDR"), "mobile": "+6281234567890", "none": None})
        )
    assert shown.replace("\u00a0", " ") == page
