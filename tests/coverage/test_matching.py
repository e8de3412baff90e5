"""Search by a few words: exact words first, typing errors in longer words accepted, no invented matches."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mypolis.foundation.lib.text.stemming import language_of
from mypolis.insurance.coverage.plan_books.vocabulary import BenefitType
from mypolis.insurance.coverage.search.language_words import empty_words, words_of_types
from mypolis.insurance.coverage.search.matching import (
    ABOUT,
    CALLED,
    EXCLUDED,
    MOST_WORDS,
    NAME,
    Index,
    Known,
    index_of,
    phrase,
)
from mypolis.insurance.coverage.search.stems import stems

LANGUAGES = ("sr", "id", "ru", "en")


def known(key: str, name: str, *called: str, about: str = "", left_out: str = "", language: str = "en") -> Known:
    phrases = [phrase(name, language, NAME), *(phrase(words, language, CALLED) for words in called)]
    if about:
        phrases.append(phrase(about, language, ABOUT))
    if left_out:
        phrases.append(phrase(left_out, language, EXCLUDED, excluded=True))
    return Known(key, tuple(phrases))


@pytest.fixture
def index() -> Index:
    return index_of(
        [
            known("dental", "Dentist", "toothache", "root canal", about="Fillings and cleaning.", left_out="braces"),
            known("optical", "Glasses", "contact lenses"),
            known("doctor", "Doctor", "fever", "sick child"),
            known("specialist", "Specialist", "heart doctor", "skin doctor"),
        ],
        "en",
    )


@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("Dentist", "dental"),
        ("toothaches", "dental"),
        ("do you cover a root canal?", "dental"),
        ("FILLINGS", "dental"),
        ("glases", "optical"),
        ("contcat lenses", "optical"),
        ("my child is sick", "doctor"),
        ("heart doctor", "specialist"),
        ("doctor", "doctor"),
        ("glass", "optical"),
    ],
)
def test_the_right_thing_comes_first(index: Index, question: str, key: str) -> None:
    assert index.search(question)[0].key == key


@pytest.mark.parametrize("question", ["", "?!", "am I covered for", "xqzw", "fvr", "12345", "💩"])
def test_nothing_is_made_up(index: Index, question: str) -> None:
    assert index.search(question) == []


def test_a_short_word_may_have_an_error_but_not_at_its_beginning() -> None:
    index = index_of([known("a", "vein"), known("b", "scan"), known("c", "flu")], "en")
    assert [match.key for match in index.search("veim")] == ["a"]
    assert [match.key for match in index.search("scna")] == ["b"]
    assert index.search("rein") == index.search("fly") == []


def test_what_is_left_out_is_told_by_its_own_words(index: Index) -> None:
    first = index.search("braces for my teeth")[0]
    assert (first.key, first.phrase.excluded, first.phrase.text) == ("dental", True, "braces")
    assert not index.search("toothache")[0].phrase.excluded


def test_a_word_that_is_known_is_no_typing_error_of_another() -> None:
    index = index_of([known("a", "coughing"), known("b", "coaching")], "en")
    assert [match.key for match in index.search("coaching")] == ["b"]


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("sr", "naočare", "наочара"),
        ("sr", "Kičma", "kicme"),
        ("ru", "зубы", "зубов"),
        ("ru", "лёгкие", "легких"),
        ("id", "kacamata", "kacamatanya"),
        ("en", "operations", "Operation"),
    ],
)
def test_endings_accents_and_scripts_do_not_matter(language: str, one: str, other: str) -> None:
    assert list(stems(one, language)) == list(stems(other, language)) != []


def test_a_language_that_nobody_knows_is_taken_for_english() -> None:
    assert [language_of(code) for code in ("sr-cyrl", "sr-latn", "id", "cnr")] == ["sr", "sr", "id", "en"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_a_language_are_for_types_that_there_are_and_say_something(language: str) -> None:
    words = words_of_types(language)
    assert set(words) <= set(BenefitType)
    assert all(isinstance(word, str) and stems(word, language) for called in words.values() for word in called)
    assert all(isinstance(word, str) for word in empty_words(language))


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=200), language=st.sampled_from(LANGUAGES))
def test_any_text_has_an_answer_that_is_sorted_and_the_same_again(text: str, language: str) -> None:
    things = [
        Known(kind, tuple(found for found in (phrase(word, language, CALLED) for word in called) if found.stems))
        for kind, called in words_of_types(language).items()
    ]
    index = index_of(things, language)
    found = index.search(text)
    assert found == index.search(text)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert all(one.score > 0 for one in found)


def test_a_long_question_is_read_up_to_a_point(index: Index) -> None:
    padding = " ".join(f"word{number}x" for number in range(MOST_WORDS))
    assert index.search(f"toothache {padding}")[0].key == "dental"
    assert index.search(f"{padding} toothache") == []
