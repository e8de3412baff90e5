"""Estimates how many guesses a password withstands, with a limit on the work.

The patterns and their numbers are zxcvbn's (Wheeler, USENIX Security 2016). Two of its matchers are left out, because
their work is unbounded: the repetition matcher calls the whole meter for each repetition, and the matcher for symbols
in place of letters tries every combination. Here repetitions are removed first, and symbols are read in two ways.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from zxcvbn import matching, scoring

MOST_READ = 32  # characters: enough to recognise a strong password; the work grows with the square of the length
FEWEST_GUESSES = 1_000_000  # with fewer, a thousand guesses an hour would succeed within weeks
FEWEST_CHARACTERS = 8  # that must remain after repetitions are removed
_ROUNDS = 8  # of removing repetitions: each makes the next one shorter

# A letter that is only doubled is kept: "password" is found by its spelling.
_REPEATED = re.compile(r"(.)\1{2,}|(..+?)\2+", re.IGNORECASE | re.DOTALL)
_SYMBOLS = str.maketrans("48({[<369!1|0$5+7%2@", "abcccceggiiiossttxza")
_SYMBOLS_OF_L = str.maketrans("48({[<369!1|0$5+7%2@", "abcccceggillosstlxza")
_MATCHERS: tuple[Callable[..., list[dict[str, Any]]], ...] = (
    matching.dictionary_match,
    matching.reverse_dictionary_match,
    matching.spatial_match,
    matching.sequence_match,
    matching.regex_match,
    matching.date_match,
)


def is_easy(password: str, words: Iterable[str]) -> bool:
    """Whether a password is quick to guess, including for an attacker who knows these words."""
    known = list(words)
    text = without_repetitions(password)
    if len(text) < FEWEST_CHARACTERS or guesses(text, known) < FEWEST_GUESSES:
        return True
    # "a1b2c3d4e5f6" interleaves two easy texts.
    return guesses(text[::2], known) * guesses(text[1::2], known) < FEWEST_GUESSES


def without_repetitions(text: str) -> str:
    """The text with each immediately repeated piece written once: "abcabcabc!" becomes "abc!"."""
    for _round in range(_ROUNDS):
        shorter = _REPEATED.sub(r"\1\2", text)
        if shorter == text:
            break
        text = shorter
    return text


def guesses(text: str, words: Iterable[str]) -> int:
    """The fewest guesses by words, keys, sequences, years and dates. Only the beginning of a long text counts."""
    text = without_repetitions(text)[:MOST_READ].replace("\n", " ")  # zxcvbn's date matcher fails on line ends
    # A copy for each call, because zxcvbn keeps the words in a dictionary that all threads share.
    dictionaries = {**matching.RANKED_DICTIONARIES, "user_inputs": matching.build_ranked_dict(list(words))}
    found = [match for matcher in _MATCHERS for match in matcher(text, _ranked_dictionaries=dictionaries)]
    for symbols in (_SYMBOLS, _SYMBOLS_OF_L):
        found += _written_with_symbols(text, symbols, dictionaries)
    return int(scoring.most_guessable_match_sequence(text, found)["guesses"])


def _written_with_symbols(
    text: str, symbols: dict[int, int], dictionaries: dict[str, dict[str, int]]
) -> list[dict[str, Any]]:
    """Words in which symbols replace letters: "p4ssw0rd". Never counted as harder than the plain word."""
    read = text.translate(symbols)
    if read == text:
        return []
    matches = matching.dictionary_match(read, dictionaries)
    return [
        {**match, "token": token}
        for match in matches
        if (token := text[match["i"] : match["j"] + 1]) != match["token"] and len(token) > 1
    ]
