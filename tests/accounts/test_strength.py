"""Measuring a password costs a bounded number of steps, whatever it is; cheap patterns are easy."""

import string
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given, settings, target
from hypothesis import strategies as st
from zxcvbn import matching, scoring

from mypolis.foundation.factors.passwords import password_rules
from mypolis.foundation.factors.passwords.password_rules import problems
from mypolis.foundation.factors.passwords.strength import MOST_READ, guesses, is_easy, without_repetitions

SIGNS = "4@8({[<369!1|7$50+%2"
# Each took zxcvbn alone between half a second and minutes.
CRAFTED = [
    SIGNS,
    SIGNS * 3,
    SIGNS * 6,
    (SIGNS + "aZ") * 5,
    SIGNS[::-1] * 6,
    "".join(a + b for a in SIGNS for b in SIGNS)[:128],
]
SHORT_PATTERNS = [
    *("4@8({" * 12, "1!|l1!|l1!|l1!|l", "Xk3$Xk3$Xk3$Xk3$", "пРи7пРи7пРи7", "a1b2c3d4e5f6g7h8i9", "1a2b3c4d5e6f7g8h9i"),
    *("abcabcabcabcabc", "0101199001011990", "aabbccddeeff", "1122334455667788", "password1986password1986"),
    *("X1X2X3X4X5X6X7X8", "p4ssw0rd1986", "p@$$w0rd!!!!", "abababcdcdcdefefef", "12345678901234567890", "x" * 128),
]
MOST_MATCHES = 1_500  # bounds with room to spare: a search of millions of texts found 640
MOST_STEPS = 8_000  # and 2,200

WORDS = [word for words in matching.RANKED_DICTIONARIES.values() for word in list(words)[:60]]
pieces = (
    st.sampled_from(WORDS) | st.sampled_from(string.printable + SIGNS * 3 + "абвгд") | st.integers(0, 2100).map(str)
)
texts = st.lists(pieces, max_size=40).map("".join) | st.text(max_size=128) | st.text(SIGNS, max_size=128)


class Work:
    """What measuring cost."""

    def __init__(self) -> None:
        self.matches = self.steps = self.longest = 0


@contextmanager
def counted() -> Iterator[Work]:
    """Count the patterns that are found and the steps of the search for the cheapest row of them."""
    work, search, estimate = Work(), scoring.most_guessable_match_sequence, scoring.estimate_guesses

    def searched(text: str, matches: list[dict[str, Any]]) -> Any:
        work.matches += len(matches)
        work.longest = max(work.longest, len(text))
        return search(text, matches)

    def estimated(match: dict[str, Any], text: str) -> Any:
        work.steps += 1
        return estimate(match, text)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scoring, "most_guessable_match_sequence", searched)
        patch.setattr(scoring, "estimate_guesses", estimated)
        yield work


@settings(max_examples=400, deadline=None)
@given(texts)
def test_the_work_is_bounded_for_any_text(text: str) -> None:
    with counted() as work:
        is_easy(text, ["jelena", "19860327"])
    target(float(work.steps), label="steps")
    assert work.longest <= MOST_READ
    assert work.matches <= MOST_MATCHES
    assert work.steps <= MOST_STEPS


@pytest.mark.parametrize("text", ["1987\n", "seven herons 1987\n", "27031986\n27031986", "Ω1987\r\nsava", "1987\u2028"])
def test_the_end_of_a_line_in_a_password_breaks_nothing(text: str) -> None:
    assert guesses(text, []) > 0
    assert is_easy(text, ["jelena"]) in (True, False)


@pytest.mark.parametrize("text", CRAFTED)
def test_texts_made_to_be_slow_cost_no_more(text: str) -> None:
    with counted() as work:
        is_easy(text, [])
    assert work.matches <= MOST_MATCHES
    assert work.steps <= MOST_STEPS


def test_the_matchers_without_a_bound_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(*_what: object, **_more: object) -> Any:
        raise AssertionError("this matcher has no bound")

    for name in ("omnimatch", "l33t_match", "repeat_match", "enumerate_l33t_subs"):
        monkeypatch.setattr(matching, name, asked)
    for text in (*CRAFTED, *SHORT_PATTERNS):
        is_easy(text, [])


@pytest.mark.parametrize("text", SHORT_PATTERNS)
def test_a_cheap_pattern_is_easy(text: str) -> None:
    assert {code for code, _sentence in problems(text, min_length=12)} == {"too_easy"}


@given(st.text(min_size=1, max_size=7), st.integers(2, 16))
def test_a_short_piece_is_no_better_for_being_repeated(piece: str, times: int) -> None:
    assert is_easy(piece * times, [])


@given(st.text(max_size=128))
def test_taking_repetitions_out_never_makes_a_text_longer(text: str) -> None:
    assert len(without_repetitions(text)) <= len(text)


def test_words_of_one_password_are_not_known_to_the_next() -> None:
    """The library keeps them in a dictionary that all threads share."""
    alone = guesses("kvrzmbqtxnpl", [])
    assert guesses("kvrzmbqtxnpl", ["kvrzmbqtxnpl"]) < alone
    assert guesses("kvrzmbqtxnpl", []) == alone
    assert "kvrzmbqtxnpl" not in matching.RANKED_DICTIONARIES.get("user_inputs", {})


def test_a_password_of_the_wrong_length_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(password_rules, "is_easy", lambda *_what: pytest.fail("measured"))
    assert [code for code, _sentence in problems("ﷺ" * 128, min_length=12)] == ["too_long"]
    assert [code for code, _sentence in problems("Xk3$", min_length=12, personal=["xk3$"])] == ["too_short"]
