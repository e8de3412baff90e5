"""No line of a Russian text ends with a one-letter word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypolis.foundation.lib.text.typography import tied

HARD = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("Войти в кабинет", f"Войти в{HARD}кабинет"),
        ("и в кабинете", f"и{HARD}в{HARD}кабинете"),
        ("С %(day)s вы видите", f"С{HARD}%(day)s вы видите"),
        ("Договор с «Полисом»", f"Договор с{HARD}«Полисом»"),
        ("дом и\nсад", "дом и\nсад"),
        ("часы и  минуты", "часы и  минуты"),
        ("Вид А — это", "Вид А — это"),
        ("2-я и 3-я", f"2-я{HARD}и{HARD}3-я"),
        ("моя страховка", "моя страховка"),
    ],
)
def test_a_word_of_one_letter_stays_with_the_next_word(typed: str, set_: str) -> None:
    assert tied(typed) == set_


@given(st.text(alphabet="вси як%(«.-\n", max_size=40))
def test_tying_changes_only_the_kind_of_spaces_and_only_once(text: str) -> None:
    assert tied(text).replace(HARD, " ") == text
    assert tied(tied(text)) == tied(text)
