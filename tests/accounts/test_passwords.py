"""Passwords that are easy to guess in the markets' own languages are refused; sentences of one's own are not."""

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypolis.foundation.factors.passwords.common_passwords import WORDS, is_common
from mypolis.foundation.factors.passwords.password_rules import problems

REFUSED = [
    *("пароль123456", "парольпароль", "йцукенгшщзхъ", "йцукен123456", "katasandi123", "lozinka12345"),
    *("sifra1234567", "rahasia12345", "osiguranje2026", "Password2026!", "P@ssw0rd2026!", "Šifra-1234567"),
    *("лозинка12345", "ШИФРА1234567", "Пароль-2026-!!", "мойпароль2026", "moja-lozinka-2026", "kata sandi saya"),
    *("страховка2026", "asuransi!2026", "insurance 2026", "zdravlje12345", "parol1234567", "gfhjkm123456"),
    *("qwertzuiopšđ", "qwertyuiop12", "poiuytrewq12", "ъхзщшгнекуцй", "фывапролджэ1", "1q2w3e4r5t6y"),
    *("й1ц2у3к4е5н6", "qwertypassword1", "lozinkaqwertz", "asdfghjkl;123", "љњертзуиоп12", "1qaz2wsx3edc"),
    *("123lozinka123", "пароль2026пароль", "passwordpasswordpassword", "p a s s w o r d 1 2"),
]
SENTENCES = [
    *("seven quiet herons over Sava", "sedam mirnih roda iznad Save", "tujuh bangau di atas sawah"),
    *("синий чайник на даче", "plavi most i tri lipe", "hujan di kebun teh", "another nine lanterns at dusk"),
    *("sepeda-merah-pagi", "tiga layar ke timur", "шесть-берёз-у-реки", "в марте ещё снег"),
    *("kajsija-u-avgustu", "subotom pecam na Tisi", "плави мост и три липе", "мой пароль из трёх рек"),
]
NEUTRAL = {
    "sr": "čamac oblak jagoda prozor kišobran lopta magarac tepih vetrenjača šljiva",
    "sr-cyrl": "чамац облак јагода прозор кишобран лопта магарац тепих ветрењача шљива",
    "id": "perahu awan jendela payung keledai karpet kincir semangka lentera gunung",
    "ru": "лодка облако земляника окно зонтик ослик коврик мельница слива фонарь",
    "en": "barge thistle window umbrella donkey carpet windmill plum lantern gravel",
}

word = st.sampled_from(sorted(WORDS))
filler = st.text("0123456789!?.,-_ #*+", max_size=10)
cased = st.sampled_from([str.lower, str.upper, str.title])


def codes(password: str) -> set[str]:
    """What is wrong with a password, by code."""
    return {code for code, _sentence in problems(password, min_length=12)}


@pytest.mark.parametrize("password", REFUSED)
def test_the_commonest_passwords_of_every_market_are_refused(password: str) -> None:
    assert codes(password) == {"too_easy"}


@pytest.mark.parametrize("password", SENTENCES)
def test_a_sentence_of_ones_own_is_taken(password: str) -> None:
    assert codes(password) == set()


@given(word, filler, filler, cased)
def test_a_common_word_is_common_whatever_stands_around_it(word: str, before: str, after: str, cased: object) -> None:
    assert is_common(before + cased(word) + after)  # type: ignore[operator]


@given(word, filler, st.integers(1, 6))
def test_a_common_word_is_no_better_for_being_repeated(word: str, between: str, times: int) -> None:
    assert is_common(between.join([word] * times))


@given(word, word, filler, filler)
def test_two_common_words_are_common(one: str, other: str, between: str, after: str) -> None:
    assert is_common(one + between + other + after)


@given(
    st.sampled_from(
        ["qwertyuiop", "qwertzuiop", "asdfghjkl", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю", "љњертзуиоп"]
    ),
    st.data(),
)
def test_a_run_of_keys_is_common_from_anywhere_to_anywhere_and_back(row: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(row) - 3))
    end = data.draw(st.integers(start + 3, len(row)))
    run = row[start:end]
    digits = data.draw(filler)
    assert is_common(run + digits)
    assert is_common(digits + run[::-1])
    assert is_common("7".join(run))


@given(st.sampled_from(sorted(NEUTRAL)), st.sampled_from([" ", "-", "", ". "]), st.data())
def test_words_that_do_not_belong_together_are_taken(language: str, between: str, data: st.DataObject) -> None:
    words = data.draw(st.permutations(NEUTRAL[language].split()))[: data.draw(st.integers(3, 5))]
    assert codes(between.join(words)) == set()


@given(st.integers())
def test_a_password_out_of_a_generator_is_taken(seed: int) -> None:
    signs = random.Random(seed).choices("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", k=20)
    assert codes("".join(signs)) == set()


@given(st.text(max_size=130))
def test_any_text_is_judged_and_its_spelling_does_not_matter(text: str) -> None:
    assert is_common(text) == is_common(unicodedata.normalize("NFKC", text))
    assert {code for code, _sentence in problems(text, min_length=12)} <= {"too_short", "too_long", "too_easy"}


@pytest.mark.parametrize("password", ["", "   ", "123456", "!!!", "\N{PILE OF POO}" * 12, "年年年年"])
def test_what_has_no_letter_of_ours_is_left_to_the_meter(password: str) -> None:
    assert not is_common(password)


def test_every_common_word_stands_as_it_is_looked_up() -> None:
    assert all(word.isalpha() and len(word) > 1 for word in WORDS)
    assert len(WORDS) > 160
