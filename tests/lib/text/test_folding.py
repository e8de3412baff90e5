"""Match keys: which spellings must be equal, and which must differ."""

import csv
import itertools
import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypolis.foundation.lib.text.folding import (
    Script,
    ascii_digits,
    fold_name,
    fold_reference,
    fold_username,
    is_placeholder,
)

SCRIPTS: list[Script] = ["cyrillic-ru", "serbian", "latin"]
any_script = st.sampled_from(SCRIPTS)
russian_names = st.text("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", min_size=1, max_size=12)
dashes = st.sampled_from(["-", "–", "—", "‐", "‑", "−", " - ", "  ", "\u00a0", "\t"])
apostrophes = st.sampled_from(["'", "’", "‘", "ʼ", "`", "´", "′", "＇", ""])


def russian(*parts: str) -> str:
    return fold_name(*parts, script="cyrillic-ru")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Наталья", "Наталия"),
        ("София", "Софья"),
        ("Андрей", "Андреи"),
        ("Мария", "Марина"),
        ("Петр Иван", "Иван Петр"),
        ("Иванов", "Ivanov"),
        ("Сева", "CEBA"),
    ],
)
def test_different_russian_names_never_meet(one: str, other: str) -> None:
    assert russian(one) != russian(other)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Cергей", "Сергей"),
        ("Hаталья", "Наталья"),
        ("Hиколай", "Николай"),
        ("Mарина", "Марина"),
        ("Владиcлавович", "Владиславович"),
        ("Иваноbич", "Иванович"),
        ("ВЛAДИMИP", "Владимир"),
        ("Смирно́в", "Смирнов"),
        ("Смирнóв", "Смирнов"),
        ("Пётр", "Петр"),
        ("Пе\u0308тр", "Пётр"),
        ("Андреи\u0306", "Андрей"),
        ("Мамед-оглы", "Мамед Оглы"),
        ("Али\u200b-\u00adОглы", "али оглы"),
        ("Д’Артаньян", "Дартаньян"),
        ("\ufeffАнна\u00a0\u00a0Мария ", "Анна-Мария"),
    ],
)
def test_spellings_of_one_russian_name_meet(typed: str, meant: str) -> None:
    assert russian(typed) == russian(meant)


def test_a_latin_word_stays_latin_beside_a_cyrillic_one() -> None:
    assert russian("Cергей", "COBA") == "сергей coba"


def test_four_words_meet_in_every_split_over_three_fields() -> None:
    words = ["Алиев", "Мамед", "Гасан", "оглы"]
    splits = [
        (" ".join(words[:a]), " ".join(words[a:b]), " ".join(words[b:]))
        for a, b in itertools.combinations_with_replacement(range(5), 2)
    ]
    assert {russian(*split) for split in splits} == {"алиев мамед гасан оглы"}


@given(st.lists(russian_names, min_size=1, max_size=5), dashes)
def test_case_dashes_and_spaces_do_not_matter_and_the_order_of_words_is_kept(words: list[str], dash: str) -> None:
    expected = " ".join(word.replace("ё", "е") for word in words)
    assert russian(*words) == expected
    assert russian(dash.join(words).upper()) == expected
    assert russian(f" {dash.join(words).title()}{dash}") == expected


@given(russian_names, russian_names, apostrophes)
def test_apostrophes_do_not_matter(start: str, end: str, apostrophe: str) -> None:
    assert russian(start + apostrophe + end) == russian(start + end)


@pytest.mark.parametrize("script", SCRIPTS)
@given(text=st.text(max_size=30))
def test_folding_what_is_folded_changes_nothing(script: Script, text: str) -> None:
    folded = fold_name(text, script=script)
    assert fold_name(folded, script=script) == folded
    assert folded == " ".join(folded.split())


@given(st.text(st.characters(categories=["L"], max_codepoint=0x52F), max_size=20), any_script)
def test_letter_case_never_matters(text: str, script: Script) -> None:
    assert fold_name(text.casefold(), script=script) == fold_name(text, script=script)


@pytest.mark.parametrize(
    ("spellings", "key"),
    [
        (["Ђорђевић", "Đorđević", "ĐORĐEVIĆ", "Djordjević", "Djordjevic", "Đorđevic\u0301"], "djordjevic"),
        (["Љубиња", "Ljubinja", "ǇUBIǋA", "ЉУБИЊА"], "ljubinja"),
        (["Џаџић", "Džadžić", "ǅaǆić", "Dzadzic"], "dzadzic"),
        (["Жељко Чолић-Шућур", "Željko Čolić Šućur", "zeljko colic-sucur"], "zeljko colic sucur"),
        (["Јелена", "Jelena", "ЈЕЛЕНА"], "jelena"),
    ],
)
def test_serbian_spellings_meet_in_one_key(spellings: list[str], key: str) -> None:
    assert {fold_name(spelling, script="serbian") for spelling in spellings} == {key}


def test_a_bare_d_for_a_serbian_dj_does_not_meet() -> None:
    assert fold_name("Dorđević", script="serbian") != fold_name("Đorđević", script="serbian")


def test_latin_names_lose_their_marks_and_other_scripts_keep_their_vowels() -> None:
    assert fold_name("Łukasz Nuñez-Øster", "D'Œuvre", script="latin") == "lukasz nunez oster doeuvre"
    assert fold_name("Muḥammad Rizki", script="latin") == "muhammad rizki"
    assert fold_name("สมชาย กำ", script="latin").count("\u0e31") == "สมชาย กำ".count("\u0e31")


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "нет",
        "НЕТ",
        "Hет",
        "HET",
        "Не Имеется",
        "не  имеется.",
        "-",
        "—",
        "....",
        "отсутствует",
        "Нет отчества",
        *("n/a", "N/A", "(нет)", "б/о", "0", "none", "прочерк"),
    ],
)
def test_words_and_signs_for_no_patronymic_are_known(typed: str) -> None:
    assert is_placeholder(typed)


@pytest.mark.parametrize("typed", ["Нетович", "Иванович", "Оглы", "Али", "Неонович", "Noah"])
def test_a_patronymic_is_no_placeholder(typed: str) -> None:
    assert not is_placeholder(typed)


@given(st.text(max_size=30))
def test_folding_a_folded_reference_or_username_changes_nothing(text: str) -> None:
    assert fold_username(fold_username(text)) == fold_username(text)
    assert fold_reference(fold_reference(text)) == fold_reference(text)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("00-123 / 45.6", "00123456"),
        ("№ 123 аб", "123AБ"),
        ("№123", "123"),
        ("999ААА99999999", "999AAA99999999"),
        ("999aaa99999999", "999AAA99999999"),
        ("٠١٢-３４", "01234"),
        ("a–b—c−d\u200be", "ABCDE"),
        (" -/. ", ""),
        ("", ""),
    ],
)
def test_references_are_compared_without_their_ornaments(typed: str, key: str) -> None:
    assert fold_reference(typed) == key


@pytest.mark.parametrize("typed", ["kadusa4826", " KADUSA4826 ", "ｋadusa４８２６", "kadusa٤٨٢٦", "kadu\u200bsa4826"])
def test_a_username_is_the_same_from_every_keyboard(typed: str) -> None:
    assert fold_username(typed) == "kadusa4826"


def test_the_digits_of_every_script_become_ours_and_nothing_else_does() -> None:
    assert ascii_digits("٠١٢ ۳۴ ५६ ７８ 9") == "012 34 56 78 9"
    assert ascii_digits("x² ½ Ⅷ ①") == "x² ½ Ⅷ ①"


def real_names(file: str) -> list[dict[str, str]]:
    """Read public name lists, if they are in a folder beside the project."""
    folder = Path(os.environ.get("MYPOLIS_NAME_LISTS", Path(__file__).parents[4] / "shared" / "data"))
    if not (folder / file).exists():
        pytest.skip("the public name lists are not here")
    with (folder / file).open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def test_real_russian_given_names_meet_only_over_yo_and_look_alikes() -> None:
    names = {row["text"] for row in real_names("names_ru_given_top3000_BSD.csv")}
    plain = {name for name in names if not re.search("[A-Za-zёЁ́ -]", name)}
    assert len(plain) > 2500
    assert len({russian(name) for name in plain}) == len({name.casefold() for name in plain})
    mixed = {name for name in names if re.search("[а-яё]", name, re.I) and re.search("[a-z]", name, re.I)}
    assert [name for name in mixed if re.search("[aceopxkmthb]", russian(name))] == []


def test_real_serbian_surnames_meet_in_both_scripts() -> None:
    rows = [row for row in real_names("names_surnames_by_country_CC0.csv") if row["Country"] == "RS"]
    assert rows
    for row in rows:
        latin = row["Romanized Name"]
        assert fold_name(row["Localized Name"], script="serbian") == fold_name(latin, script="serbian")


@pytest.mark.parametrize("particle", ["оглы", "оглу", "кызы", "гызы", "уулу", "улы", "заде"])
def test_a_particle_glued_to_a_name_is_a_word_of_its_own(particle: str) -> None:
    glued = f"Ибрагим{particle}"
    assert russian(glued) == russian(glued.upper()) == russian(f"Ибрагим {particle}") == f"ибрагим {particle}"
    assert russian(particle) == particle
    assert russian(russian(glued)) == russian(glued)
