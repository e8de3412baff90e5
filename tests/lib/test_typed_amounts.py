"""Sums as people type them: read in one way only, or refused with the reason."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypolis.foundation.lib.cells.numbers import MAX_AMOUNT
from mypolis.foundation.lib.typed_amounts import AmountError, read_typed_amount


@pytest.mark.parametrize("text", ["150.000", "150,000", "1.250", " 15,000 "])
def test_one_group_of_three_digits_can_mean_two_sums(text: str) -> None:
    with pytest.raises(AmountError) as refused:
        read_typed_amount(text)
    assert refused.value.code == "two_readings"
    assert all(refused.value.readings)


def test_both_readings_are_named() -> None:
    with pytest.raises(AmountError) as refused:
        read_typed_amount("150.000")
    assert refused.value.readings == ("150", "150000")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(("0", "zero"), ("0,00", "zero"), ("00", "zero"), ("-5", "negative"), ("−5,00", "negative")),
        *(("1000000000000", "too_large"), ("1.000.000.000.000,00", "too_large"), ("1e12", "format"), ("", "format")),
        *(
            ("abc", "format"),
            ("1.500.00", "format"),
            ("12.34.56", "format"),
            ("0.150", "format"),
            ("1500.000", "format"),
        ),
        *(("1 2", "format"), ("150 00", "format"), ("1,250.000", "format"), ("$", "format"), ("9" * 41, "format")),
        *(("1..5", "format"), (".5", "format"), ("5,", "format"), ("12+3", "format"), ("NaN", "format")),
    ],
)
def test_what_is_no_sum_above_zero_is_refused(text: str, code: str) -> None:
    with pytest.raises(AmountError) as refused:
        read_typed_amount(text)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("text", "sum_"),
    [
        *(("150000", "150000"), ("150 000", "150000"), ("150\u00a0000", "150000"), ("150'000", "150000")),
        *(("1.250.000", "1250000"), ("1,250,000", "1250000"), ("1,250,000.50", "1250000.50")),
        *(("1.250.000,5", "1250000.50"), ("150.000,00", "150000"), ("150,5", "150.50"), ("0,5", "0.50")),
        ("٣٤", "34"),
        ("999999999999.99", "999999999999.99"),
    ],
)
def test_commas_points_spaces_and_currencies_are_understood(text: str, sum_: str) -> None:
    assert read_typed_amount(text) == Decimal(sum_)


@pytest.mark.parametrize(
    ("text", "currency", "sum_"),
    [
        *(("Rp 150000", "IDR", "150000"), ("rp.150 000", "IDR", "150000"), ("150 000,50 ₽", "RUB", "150000.50")),
        *(("3.850,00 RSD", "RSD", "3850"), ("€ 20", "EUR", "20"), ("20", "CHF", "20")),
    ],
)
def test_the_sign_of_the_currency_may_be_typed(text: str, currency: str, sum_: str) -> None:
    assert read_typed_amount(text, currency=currency) == Decimal(sum_)


@pytest.mark.parametrize("text", ["€ 20", "20 USD", "Rp 20"])
def test_the_sign_of_another_currency_is_refused(text: str) -> None:
    with pytest.raises(AmountError) as refused:
        read_typed_amount(text, currency="RSD")
    assert refused.value.code == "format"


AMOUNTS = st.decimals(Decimal("0.01"), MAX_AMOUNT, places=2)


@given(amount=AMOUNTS, point=st.sampled_from(".,"))
def test_a_sum_without_groups_is_read_as_it_was_written(amount: Decimal, point: str) -> None:
    assert read_typed_amount(f"{amount:.2f}".replace(".", point)) == amount


@given(amount=AMOUNTS, marks=st.sampled_from([".,", ",.", " ,", " .", "\u00a0,", "'."]))
def test_a_grouped_sum_with_cents_is_read_as_it_was_written(amount: Decimal, marks: str) -> None:
    group, point = marks
    text = f"{amount:,.2f}".replace(",", "g").replace(".", point).replace("g", group)
    assert read_typed_amount(text) == amount


@given(text=st.text(max_size=60) | st.from_regex(r"[-+]?[0-9.,' ]{0,20}", fullmatch=True))
def test_any_text_is_a_usable_sum_or_refused(text: str) -> None:
    try:
        amount = read_typed_amount(text)
    except AmountError:
        return
    assert 0 < amount <= MAX_AMOUNT
    assert amount == amount.quantize(Decimal("0.01"))
