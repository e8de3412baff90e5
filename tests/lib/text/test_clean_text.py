"""Lines of typed text: what is refused, and what is cleaned."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypolis.foundation.lib.text.clean_text import UnsafeText, clean_line


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a\0b", "control"),
        ("\x1b[31m", "control"),
        ("a\x0bb", "control"),
        ("a\x85b", "control"),
        ("a\u202eb", "bidi"),
        ("\u202a", "bidi"),
        ("a\u2066b", "bidi"),
        ("b\u2069", "bidi"),
        ("\ud800", "surrogate"),
        ("a\udfff", "surrogate"),
        ("x" * 11, "too_long"),
        ("ё" * 11, "too_long"),
    ],
)
def test_what_no_honest_line_holds_is_refused_by_its_code(text: str, code: str) -> None:
    with pytest.raises(UnsafeText) as told:
        clean_line(text, max_length=10)
    assert told.value.code == code
    assert str(told.value) == code


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ана\t Марија \r\n", "Ана Марија"),
        ("Пе\u0308тр", "Пётр"),
        ("Ji\u200b m\ufeff\u200e", "Ji m"),
        ("a\u00a0\u2003b\u2028c", "a b c"),
        ("\u200b \u2060", ""),
        ("x" * 10 + "     ", "x" * 10),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_white_space_and_leftovers_are_tidied_and_letters_kept(typed: str, kept: str) -> None:
    assert clean_line(typed, max_length=10) == kept


@given(st.text(max_size=30))
def test_what_passes_is_clean_passes_again_and_can_be_stored(text: str) -> None:
    try:
        line = clean_line(text, max_length=30)
    except UnsafeText:
        return
    assert clean_line(line, max_length=30) == line
    assert "\0" not in line
    assert line.encode().decode() == line
    assert line == line.strip()


def test_far_too_long_a_text_is_refused_before_it_is_normalised(monkeypatch: pytest.MonkeyPatch) -> None:
    """Normalising 256 KiB of combining marks takes minutes."""
    monkeypatch.setattr("mypolis.foundation.lib.text.clean_text.unicodedata", None)
    with pytest.raises(UnsafeText, match="too_long"):
        clean_line("a" + "\u0301\u0323" * 131_072, max_length=254)
