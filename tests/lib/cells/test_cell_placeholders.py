"""Placeholders for a missing number: zeros, dashes and words, in four languages."""

import pytest

from mypolis.foundation.lib.cells.placeholders import is_placeholder_number

FILLERS = (
    *("", "0", "00", "000", "0-0", "0.0", "٠", "-", "--", "–", "/", "?", "...", "№", "№ 0", "#"),
    *("n/a", "N/A", "N.A.", "na", "nan", "NaN", "null", "None", "nil", "no number", "not available", "unknown", "TBD"),
    *("nema", "Nema", "NEMA", "nema broja", "bez broja", "n/p", "još nema", "нема"),
    *("tidak ada", "Tidak Ada", "belum ada", "tdk ada", "kosong", "(tidak ada)", "tidak ada nomor"),
    *("нет", "Нет", "НЕТ", "н/д", "б/н", "нет данных", "не указано", "отсутствует", "без номера", "прочерк"),
    *("x", "xx", "XXX", "ххх", "xxxxxx")[1:],
)
NUMBERS = ("1", "K-1", "0001", "E0", "X1", "N1", "٣", "ТН-5", "AB", "JPET", "77E1234567", "NO-7", "H", "X")


@pytest.mark.parametrize("text", FILLERS)
def test_what_fills_a_gap_is_no_number(text: str) -> None:
    assert is_placeholder_number(text)


@pytest.mark.parametrize("text", NUMBERS)
def test_a_number_is_one_however_short(text: str) -> None:
    assert not is_placeholder_number(text)
