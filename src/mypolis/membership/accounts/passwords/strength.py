"""How many guesses a password withstands, at a bounded cost.

The patterns and their numbers are zxcvbn's (Wheeler, USENIX Security 2016). Two of its matchers are left out, because
their work grows without bound: the one for repetitions calls the whole meter again for each, and the one for signs in
place of letters tries every combination of signs. Here repetitions are taken out first, and signs are read in two ways.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from zxcvbn import matching, scoring

LOOKED_AT = 32  # characters: what is strong is strong by then, and the work grows with the square of the length
FEWEST_GUESSES = 1_000_000  # below it, a thousand guesses an hour would do within weeks
FEWEST_CHARACTERS = 8  # that must be left without repetitions
_ROUNDS = 8  # of taking repetitions out: each makes the next shorter

# Not a letter that is merely doubled: "password" is found by its spelling.
_REPEATED = re.compile(r"(.)\1{2,}|(..+?)\2+", re.IGNORECASE | re.DOTALL)
_SIGNS = str.maketrans("48({[<369!1|0$5+7%2@", "abcccceggiiiossttxza")
_SIGNS_OF_L = str.maketrans("48({[<369!1|0$5+7%2@", "abcccceggillosstlxza")
_MATCHERS: tuple[Callable[..., list[dict[str, Any]]], ...] = (
    matching.dictionary_match,
    matching.reverse_dictionary_match,
    matching.spatial_match,
    matching.sequence_match,
    matching.regex_match,
    matching.date_match,
)


def is_easy(password: str, words: Iterable[str]) -> bool:
    """Whether a password is guessed soon, also by somebody who knows these words."""
    known = list(words)
    text = without_repetitions(password)
    if len(text) < FEWEST_CHARACTERS or guesses(text, known) < FEWEST_GUESSES:
        return True
    # "a1b2c3d4e5f6" is two easy texts in turn.
    return guesses(text[::2], known) * guesses(text[1::2], known) < FEWEST_GUESSES


def without_repetitions(text: str) -> str:
    """The text with each piece that is repeated at once written one time: "abcabcabc!" is "abc!"."""
    for _round in range(_ROUNDS):
        shorter = _REPEATED.sub(r"\1\2", text)
        if shorter == text:
            break
        text = shorter
    return text


def guesses(text: str, words: Iterable[str]) -> int:
    """The fewest guesses by words, keys, sequences, years and dates; of a long text only the beginning counts."""
    text = without_repetitions(text)[:LOOKED_AT].replace("\n", " ")  # zxcvbn's dates break at the end of a line
    # A copy for each call: zxcvbn keeps the words in a dictionary that all threads share.
    dictionaries = {**matching.RANKED_DICTIONARIES, "user_inputs": matching.build_ranked_dict(list(words))}
    found = [match for matcher in _MATCHERS for match in matcher(text, _ranked_dictionaries=dictionaries)]
    for signs in (_SIGNS, _SIGNS_OF_L):
        found += _written_with_signs(text, signs, dictionaries)
    return int(scoring.most_guessable_match_sequence(text, found)["guesses"])


def _written_with_signs(
    text: str, signs: dict[int, int], dictionaries: dict[str, dict[str, int]]
) -> list[dict[str, Any]]:
    """Words in which signs stand for letters: "p4ssw0rd". Never counted as harder than the plain word."""
    read = text.translate(signs)
    if read == text:
        return []
    matches = matching.dictionary_match(read, dictionaries)
    return [
        {**match, "token": token}
        for match in matches
        if (token := text[match["i"] : match["j"] + 1]) != match["token"] and len(token) > 1
    ]
