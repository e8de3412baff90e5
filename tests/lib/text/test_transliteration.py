"""Names in Latin letters, as in passports."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypolis.foundation.lib.text.folding import Script
from mypolis.foundation.lib.text.transliteration import to_latin


@pytest.mark.parametrize(
    ("name", "latin"),
    [
        ("Соколова Анна Сергеевна", "Sokolova Anna Sergeevna"),
        ("Щукина Юлия", "Shchukina Iuliia"),
        ("ЩУКИНА ЮЛИЯ", "SHCHUKINA IULIIA"),
        ("Семёнов Фёдор", "Semenov Fedor"),
        ("Подъячев Илья", "Podieiachev Ilia"),
        ("Цой Жанна", "Tsoi Zhanna"),
        ("Хачатурян-Эйзен", "Khachaturian-Eizen"),
        ("Мамедов Али Гасан оглы", "Mamedov Ali Gasan ogly"),
        ("Ю. Щ.", "Iu. Shch."),
        ("Anna", "Anna"),
        ("", ""),
    ],
)
def test_russian_names_as_the_passport_has_them(name: str, latin: str) -> None:
    assert to_latin(name, script="cyrillic-ru") == latin


@pytest.mark.parametrize(
    ("name", "latin"),
    [
        ("Ђорђе Љубичић", "Đorđe Ljubičić"),
        ("ЊЕГОВАН ЏАКИЋ", "NJEGOVAN DŽAKIĆ"),
        ("Живојин Шћепановић", "Živojin Šćepanović"),
        ("Jelena Petrović", "Jelena Petrović"),
    ],
)
def test_serbian_names_in_the_other_alphabet(name: str, latin: str) -> None:
    assert to_latin(name, script="serbian") == latin


@given(name=st.text(), script=st.sampled_from(["cyrillic-ru", "serbian", "latin"]))
def test_any_text_has_a_result_that_is_its_own(name: str, script: Script) -> None:
    once = to_latin(name, script=script)
    assert to_latin(once, script=script) == once


@given(name=st.text(alphabet="абвгдеёжзийклмнопрстуфхцчшщъыьэюяАБВЩЮЯ -", max_size=40))
def test_no_cyrillic_letter_of_a_russian_name_is_left(name: str) -> None:
    assert to_latin(name, script="cyrillic-ru").isascii()
