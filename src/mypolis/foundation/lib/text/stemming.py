"""Prepares words of people's questions for comparing: folds case, accents and script, and removes endings.

The Snowball stemmers remove endings; they support all languages of the portal.
"""

import re
from functools import lru_cache

import snowballstemmer

from mypolis.foundation.lib.text.folding import Script, fold_name

_STEMMERS = {"sr": "serbian", "id": "indonesian", "ru": "russian", "en": "english"}
_SCRIPTS: dict[str, Script] = {"sr": "serbian", "ru": "cyrillic-ru"}
_WORD = re.compile(r"[^\W_]+")
_LONGEST_WORD, _SHORTEST_STEM = 40, 3
LANGUAGES = tuple(_STEMMERS)


def language_of(code: str) -> str:
    """Return the language of a code without its script: "sr" for "sr-cyrl"; English for an unknown code."""
    language = code.partition("-")[0]
    return language if language in _STEMMERS else "en"


def folded_words(text: str, language: str) -> list[str]:
    """Return the folded words of a text in order. `language` is a result of `language_of`."""
    return _WORD.findall(fold_name(text, script=_SCRIPTS.get(language, "latin")))


@lru_cache(maxsize=20_000)
def stem(word: str, language: str) -> str:
    """Remove the endings of a folded word, unless too little would be left."""
    word = word[:_LONGEST_WORD]
    cut = str(snowballstemmer.stemmer(_STEMMERS[language]).stemWord(word))
    return cut if len(cut) >= _SHORTEST_STEM else word
