"""Patterns for what people write: all words, in any order, near each other, with respect to negations."""

import pytest

from mypolis.foundation.lib.text.phrase_patterns import Language, language_from, said, wording

ENGLISH = language_from(
    "en",
    {
        "not": ["not", "no"],
        "fillers": ["the", "a", "my"],
        "fused": {"cant": "can not"},
        "lists": {"pet": "dog* cat"},
    },
)


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("chest pain", "Pain in my CHEST", True),
        ("chest pain", "chest", False),
        ("chest pain", "cehst pian", False),
        ("chest pain", "cehst pain", True),
        ("chest pain", f"chest {'word ' * 12} pain", False),
        ("swell*", "swelling", True),
        ("swell*", "well", False),
        ("swallow*", "swalowing", True),
        ("=out", "outing", False),
        ("=house", "hause", False),
        ("drop|fall", "he falls", True),
        ("@pet bit*", "the dogs bite", True),
        ("@pet bit*", "the horse bites", False),
        ("!breath*", "i can't breathe", True),
        ("!breath*", "breathing is not the a my", True),
        ("!breath*", "no one two three breath", False),
        ("!breath*", "i breathe", False),
        ("!no", "no", False),
        ("breath* -nose", "breathe through the nose", False),
        ("pain pain", "pain", False),
    ],
)
def test_a_text_says_a_wording_or_does_not(pattern: str, text: str, found: bool) -> None:
    assert said(text, ENGLISH).has(wording(pattern, ENGLISH)) == found


def test_typing_errors_are_forgiven_where_it_is_asked_for() -> None:
    pain = wording("bleeding", ENGLISH)
    assert said("bleding", ENGLISH).has(pain)
    assert not said("bleding", ENGLISH, forgiving=False).has(pain)


def test_a_file_may_leave_everything_out() -> None:
    assert language_from("sr", {}) == Language("sr", fused={}, lists={})
