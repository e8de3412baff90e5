"""Emergencies are known by the words that people type, in their languages; questions about cover raise no alarm."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mypolis.foundation.lib.text.phrase_patterns import Language, said, wording
from mypolis.foundation.lib.text.stemming import LANGUAGES
from mypolis.insurance.emergencies.recognition import phrases_of, recognise

SAID = Path(__file__).parent / "said"
MARKETS = {"sr": ("sr-latn", "sr-cyrl", "en"), "id": ("id", "en"), "ru": ("ru", "en"), "en": ("id", "en")}
EVERYWHERE = [*MARKETS.values()]


def lines(name: str) -> list[str]:
    found = (SAID / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in found if line and not line.startswith("#")]


def emergencies() -> list[tuple[str, str, str]]:
    """(language, kind, words) of every line."""
    pairs = [(language, line.partition("|")) for language in LANGUAGES for line in lines(language)]
    return [(language, kind.strip(), words.strip()) for language, (kind, _bar, words) in pairs]


@pytest.mark.parametrize(("language", "kind", "words"), emergencies())
def test_an_emergency_is_known(language: str, kind: str, words: str) -> None:
    found = recognise(words, MARKETS[language])
    assert found not in (None, "bereavement")
    assert (found == "suicide") == (kind == "suicide")  # it has other numbers and another tone


@pytest.mark.parametrize("line", [*lines("second"), *lines("third"), *lines("fourth")])
def test_an_emergency_is_known_in_other_words(line: str) -> None:
    language, _bar, words = line.partition("|")
    assert recognise(words, MARKETS[language.strip()]) not in (None, "bereavement")


@pytest.mark.parametrize("words", lines("grief"))
def test_a_death_is_known(words: str) -> None:
    assert "bereavement" in {recognise(words, languages) for languages in EVERYWHERE}


@pytest.mark.parametrize("line", lines("harmless"))
def test_a_question_about_cover_raises_no_alarm(line: str) -> None:
    language, _bar, words = line.partition("|")
    assert recognise(words, MARKETS[language.strip()]) is None


@pytest.mark.parametrize(
    ("words", "alarm"),
    [
        ("не могу дышать", True),
        ("дышать не могу", True),
        ("могу дышать", False),
        ("с кем можно говорить", False),
        ("ne mogu da dišem", True),
        ("mogu da dišem", False),
        ("tidak bisa bernapas", True),
        ("gak bisa napas", True),
        ("bisa bernapas lagi", False),
        ("can't breathe", True),
        ("cannot breathe", True),
        ("i can breathe", False),
        ("saya sadar", False),
        ("suami saya nggak sadar", True),
    ],
)
def test_a_negation_is_kept(words: str, alarm: bool) -> None:
    found = [recognise(words, languages) for languages in EVERYWHERE]
    assert any(found) == alarm


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Не могу дышать!!!", "не магу дышать"),
        ("NE MOGU DA DIŠEM", "не могу да дишем"),
        ("Srčani udar", "srcani udar"),
        ("serangan jantung", "serangn jantung"),
        ("heart attack", "haert atack"),
        ("unconscious", "unconcious"),
        ("otac se onesvestio", "отац се онесвестио"),
    ],
)
def test_scripts_accents_and_typing_errors_do_not_matter(one: str, other: str) -> None:
    found = [[recognise(words, languages) for languages in EVERYWHERE] for words in (one, other)]
    assert all(any(kinds) for kinds in found)


@pytest.mark.parametrize("words", ["umro je otac", "preminula mi je majka"])
def test_a_death_is_no_emergency_and_the_cover_of_it_is_neither(words: str) -> None:
    assert recognise(words, MARKETS["sr"]) == "bereavement"
    assert recognise("kolika je isplata ako umre muž, da li polisa pokriva", MARKETS["sr"]) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_wording_can_be_read_and_is_found_in_what_it_says(language: str) -> None:
    phrases = phrases_of(language)
    groups = [*phrases.always.values(), *phrases.unless_about_cover.values(), phrases.bereavement, phrases.about_cover]
    for one in (one for group in groups for one in group):
        no = sorted(phrases.language.negations)[0]
        places = [place for place in one.places if place.prefix != "-"]
        words = [f"{no} {place.forms[0].word}" if place.prefix == "!" else place.forms[0].word for place in places]
        assert said(" ".join(words), phrases.language).has(one), one.text


@pytest.mark.parametrize("text", ["", "-pain", "@nobody", "!@nobody", "a|", "!", "a!b"])
def test_a_wording_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        wording(text, Language("en"))


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    for languages in EVERYWHERE:
        assert recognise(text, languages) == recognise(text, languages)
