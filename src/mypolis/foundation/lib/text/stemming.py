"""Words of people's questions as they are compared: case, accents and script folded, endings cut off.

The Snowball stemmers cut endings; they know all languages of the portal.
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
    """The language of a code of ours, whatever its script: "sr" of "sr-cyrl"; English where we know none."""
    language = code.partition("-")[0]
    return language if language in _STEMMERS else "en"


def folded_words(text: str, language: str) -> list[str]:
    """The words of a text, folded, in their order; `language` as `language_of` gives it."""
    return _WORD.findall(fold_name(text, script=_SCRIPTS.get(language, "latin")))


@lru_cache(maxsize=20_000)
def stem(word: str, language: str) -> str:
    """A folded word without its endings; whole where too little would be left."""
    word = word[:_LONGEST_WORD]
    cut = str(snowballstemmer.stemmer(_STEMMERS[language]).stemWord(word))
    return cut if len(cut) >= _SHORTEST_STEM else word
