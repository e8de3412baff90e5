"""Words as a search compares them: case, accents and script folded, endings cut off, what says nothing left out.

Endings are cut by the Snowball stemmers, which know all languages of the portal.
"""

import re
from functools import lru_cache

import snowballstemmer

from mypolis.coverage.language_words import empty_words
from mypolis.lib.folding import Script, fold_name

_STEMMERS = {"sr": "serbian", "id": "indonesian", "ru": "russian", "en": "english"}
_SCRIPTS: dict[str, Script] = {"sr": "serbian", "ru": "cyrillic-ru"}
_WORD = re.compile(r"[^\W_]+")
_LONGEST_WORD, _SHORTEST_STEM = 40, 3


def language_of(code: str) -> str:
    """The language of a code of ours, whatever its script: "sr" of "sr-cyrl"; English where we know none."""
    language = code.partition("-")[0]
    return language if language in _STEMMERS else "en"


def stems(text: str, language: str) -> dict[str, str]:
    """What of a text is compared, in its order: stems with their folded words; `language` as `language_of` gives it."""
    folded = fold_name(text, script=_SCRIPTS.get(language, "latin"))
    return {stem(word, language): word for word in _WORD.findall(folded) if not is_empty(word, language)}


def is_empty(word: str, language: str) -> bool:
    """Whether a folded word says nothing by itself."""
    return word in empty_words(language)


@lru_cache(maxsize=20_000)
def stem(word: str, language: str) -> str:
    """A folded word without its endings; whole where too little would be left."""
    word = word[:_LONGEST_WORD]
    cut = str(snowballstemmer.stemmer(_STEMMERS[language]).stemWord(word))
    return cut if len(cut) >= _SHORTEST_STEM else word
