"""The Serbian personal number: published examples, and typing errors."""

from collections.abc import Iterator
from datetime import date, datetime
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypolis.foundation.lib import jmbg
from mypolis.foundation.lib.jmbg import JmbgError, birth_date, compact_jmbg, normalise_jmbg

WEIGHTS = (7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def remainder(number: str) -> int:
    return sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=False)) % 11


def number_of(born: date, area: int, serial: int) -> str:
    """Make a number with the formula of the law."""
    body = f"{born:%d%m}{born.year % 1000:03}{area:02}{serial:03}"
    check = 11 - remainder(body)
    return body + str(check if check < 10 else 0)


numbers = st.builds(number_of, st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(0, 99), st.integers(0, 999))


def code_of(text: str) -> str:
    with pytest.raises(JmbgError) as told:
        normalise_jmbg(text)
    assert str(told.value) == told.value.code, "the number itself is never told"
    return told.value.code


@pytest.mark.parametrize("text", ["010100650A007", "", "abc", "+0101006500006", "½101006500006", "0101006\0500006"])
def test_what_holds_more_than_digits_is_told_format(text: str) -> None:
    assert code_of(text) == "format"


@pytest.mark.parametrize("text", ["12345", "06029633000341", "101006500006", "1" * 100_000])
def test_too_few_or_many_digits_are_told_length_also_a_lost_leading_zero(text: str) -> None:
    assert code_of(text) == "length"


@pytest.mark.parametrize("text", ["2299978816007", "3202006500008", "0000000000000", "2902001710004", "3112799710000"])
def test_a_day_that_never_was_or_is_to_come_is_told_date(text: str) -> None:
    assert code_of(text) == "date"


@pytest.mark.parametrize("text", ["0101001890123", "2607973392147", "0211003513024", "0101006500007"])
def test_a_wrong_check_digit_is_told_checksum(text: str) -> None:
    assert code_of(text) == "checksum"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "0101006500006",
            "1211981500126",
            "1508995500237",
            "2902932505526",
            "2001939010010",
            "2206978816007",
        ),
        *(
            "0601999710135",
            "2509992391801",
            "0101006505016",
            "1304005111059",
            "0702960330212",
            "0602963300034",
        ),
        *("2702947383908", "0101990360007", "0101001250028"),
    ],
)
def test_published_numbers_of_every_area_are_accepted(text: str) -> None:
    assert normalise_jmbg(text) == text


@pytest.mark.parametrize(
    "text",
    [
        " 220697 881600 7 ",
        "2206978-816007",
        "22.06.978.81.600.7",
        "2206978–816007",
        "２２０６９７８８１６００７",
        "٢٢٠٦٩٧٨٨١٦٠٠٧",
        "\u200e2206978816007\ufeff",
        "2206978\u00a0816007",
    ],
)
def test_spaces_dashes_dots_and_other_scripts_digits_are_tolerated(text: str) -> None:
    assert normalise_jmbg(text) == "2206978816007"


@given(numbers)
def test_every_number_made_by_the_law_is_accepted_whatever_its_area(number: str) -> None:
    assert normalise_jmbg(number) == number


def test_a_remainder_of_one_is_accepted_with_a_zero() -> None:
    found = [number for serial in range(100) if remainder(number := number_of(date(1990, 1, 1), 71, serial)) == 1]
    assert found
    assert all(number.endswith("0") and normalise_jmbg(number) == number for number in found)


def typos(number: str) -> Iterator[str]:
    for position in range(13):
        for digit in "0123456789":
            if digit != number[position]:
                yield number[:position] + digit + number[position + 1 :]


def test_nearly_every_single_wrong_digit_is_found() -> None:
    tried = [typo for serial in range(0, 1000, 50) for typo in typos(number_of(date(1985, 6, 15), 71, serial))]
    missed = 0
    for typo in tried:
        try:
            normalise_jmbg(typo)
        except JmbgError:
            continue
        missed += 1
    assert missed / len(tried) < 0.02


@given(st.text(max_size=20))
def test_any_text_is_a_number_or_told_why_not(text: str) -> None:
    try:
        number = normalise_jmbg(text)
    except JmbgError as error:
        number = error.code
    assert number in {"format", "length", "checksum", "date"} or len(number) == 13


def test_a_child_born_today_in_serbia_has_a_number_while_utc_is_a_day_behind() -> None:
    number = number_of(date(2026, 11, 21), 71, 500)
    with mock.patch.object(jmbg, "datetime") as clock:
        clock.now.return_value = datetime(2026, 11, 20, 23, 30)
        assert normalise_jmbg(number) == number
        clock.now.return_value = datetime(2026, 11, 19, 23, 30)
        with pytest.raises(JmbgError):
            normalise_jmbg(number)


def test_the_insurers_own_record_may_overrule_the_check_digit() -> None:
    assert compact_jmbg("0101006-500007") == "0101006500007"
    assert birth_date("0101006500007") == date(2006, 1, 1)
