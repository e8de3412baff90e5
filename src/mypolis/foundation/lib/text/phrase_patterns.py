"""Wordings: short patterns for what people write, which a native speaker can read and correct.

A wording is a list of words separated by spaces. All must be in the text, near each other, in any order.

| written     | means                                                                       |
|-------------|-----------------------------------------------------------------------------|
| `chest`     | this word in any form (same stem), one typing error allowed from 5 letters on |
| `breath*`   | every word that begins like this                                            |
| `=ga`       | exactly this word                                                           |
| `one|other` | either of them                                                              |
| `@person`   | any word of the list `person` of the same file                              |
| `!breath*`  | the word with a negation within two words of it, before or after            |
| `-nose`     | nothing of this is in the text                                              |

The file also lists negations, and words that people write as one ("cannot").
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any

from rapidfuzz.distance import OSA

from mypolis.foundation.lib.text.stemming import folded_words, stem

_FOR_ONE_ERROR, _SHORTEST_BEGINNING, _FOR_TWO_ERRORS = 5, 6, 10
_NEGATION_REACH, _SPREAD, MOST_WORDS = 2, 8, 60


@dataclass(frozen=True)
class Language:
    """What wordings of a language share. All words are folded.

    `negations` are the words for "not"; `fillers` are not counted in distances; `fused` maps words that people write as
    one to the separate words; `lists` are the words of each `@name`.
    """

    code: str
    negations: frozenset[str] = frozenset()
    fillers: frozenset[str] = frozenset()
    fused: Mapping[str, str] | None = None
    lists: Mapping[str, str] | None = None


@dataclass(frozen=True)
class _Form:
    """One alternative of a place in a wording: a folded word, and how it is compared."""

    word: str
    stem: str
    how: str

    def fits(self, word: str, stemmed: str) -> bool:
        if self.how == "begins":
            return word.startswith(self.word)
        return word == self.word or (self.how == "any" and stemmed == self.stem)

    def may_be(self, word: str) -> bool:
        """Whether the word equals this one, apart from typing errors."""
        length, shortest = len(self.word), _SHORTEST_BEGINNING if self.how == "begins" else _FOR_ONE_ERROR
        if self.how == "exact" or length < shortest or len(word) < _FOR_ONE_ERROR:
            return False
        allowed = 1 if length < _FOR_TWO_ERRORS else 2
        likes = (word[:length], word[: length + 1], word[: length - 1]) if self.how == "begins" else (word,)
        return any(OSA.distance(self.word, one, score_cutoff=allowed) <= allowed for one in likes)


@dataclass(frozen=True)
class _Place:
    """A place of a wording: one of its forms must be there; as `prefix` says negated ("!"), or not at all ("-")."""

    forms: tuple[_Form, ...]
    prefix: str

    def fits(self, word: str, stemmed: str, *, forgiving: bool) -> bool:
        if any(form.fits(word, stemmed) for form in self.forms):
            return True
        return forgiving and any(form.may_be(word) for form in self.forms)


@dataclass(frozen=True)
class Wording:
    """A parsed pattern; `text` is the original."""

    text: str
    places: tuple[_Place, ...]


@dataclass(frozen=True)
class Said:
    """A text, prepared for matching with wordings of one language.

    `words` are folded, with their stems; `steps` counts the words before each one, without fillers. `forgiving` allows
    typing errors.
    """

    words: tuple[str, ...]
    stems: tuple[str, ...]
    steps: tuple[int, ...]
    negations: tuple[int, ...]
    forgiving: bool

    def has(self, wording: Wording) -> bool:
        """Whether the text matches the wording."""
        return bool(self.positions(wording))

    def positions(self, wording: Wording) -> tuple[int, ...]:
        """Return the positions of the matching words, one for each place of the wording; empty without a match."""
        if any(self._positions(place) for place in wording.places if place.prefix == "-"):
            return ()
        found = [self._positions(place) for place in wording.places if place.prefix != "-"]
        if not all(found):
            return ()
        for chosen in product(*found):
            apart = {*chosen}
            if len(apart) == len(chosen) and self.steps[max(chosen)] - self.steps[min(chosen)] <= _SPREAD:
                return chosen
        return ()

    def _positions(self, place: _Place) -> list[int]:
        pairs = zip(self.words, self.stems, strict=True)
        return [
            position
            for position, (word, stemmed) in enumerate(pairs)
            if place.fits(word, stemmed, forgiving=self.forgiving)
            and (place.prefix != "!" or self._is_negated(position))
        ]

    def _is_negated(self, position: int) -> bool:
        near = (abs(self.steps[one] - self.steps[position]) for one in self.negations if one != position)
        return any(distance <= _NEGATION_REACH for distance in near)


def said(text: str, language: Language, *, forgiving: bool = True) -> Said:
    """Prepare a text for matching. Of a very long text, only the first words are used."""
    words: list[str] = []
    for word in folded_words(text, language.code)[:MOST_WORDS]:
        words += (language.fused or {}).get(word, word).split()
    steps, step = [], 0
    for word in words:
        steps.append(step)
        step += word not in language.fillers
    negations = tuple(position for position, word in enumerate(words) if word in language.negations)
    stemmed = tuple(stem(word, language.code) for word in words)
    return Said(tuple(words), stemmed, tuple(steps), negations, forgiving)


@lru_cache(maxsize=8_000)
def _form(text: str, language: str) -> _Form:
    how = "begins" if text.endswith("*") else "exact" if text.startswith("=") else "any"
    bare = text.removesuffix("*").removeprefix("=")
    if not bare.isalnum():
        raise ValueError(f"{text!r} is not a word")
    word = "".join(folded_words(bare, language))
    return _Form(word, stem(word, language), how)


def wording(text: str, language: Language) -> Wording:
    """Parse a pattern. Raises ValueError if it is empty or names an unknown list."""
    places = []
    for part in text.split():
        prefix = part[0] if part[0] in "!-" else ""
        forms = _alternatives(part.removeprefix(prefix), language)
        places.append(_Place(tuple(_form(one, language.code) for one in forms), prefix))
    if all(place.prefix == "-" for place in places):
        raise ValueError("a wording without words")
    return Wording(text, tuple(places))


def _alternatives(text: str, language: Language) -> Iterable[str]:
    for one in text.split("|"):
        if one.startswith("@"):
            named = (language.lists or {}).get(one[1:])
            if named is None:
                raise ValueError(f"{one} is not a list of this file")
            yield from named.split()
        else:
            yield one


def language_from(code: str, given: Mapping[str, Any]) -> Language:
    """Read the language part of a file of wordings: `not`, `fillers`, `fused` and `lists`, all optional."""

    def folded(words: Iterable[str]) -> frozenset[str]:
        return frozenset(word for one in words for word in folded_words(one, code))

    fused: Mapping[str, str] = given.get("fused", {})
    return Language(
        code=code,
        negations=folded(given.get("not", ())),
        fillers=folded(given.get("fillers", ())),
        fused={" ".join(folded_words(one, code)): " ".join(folded_words(fused[one], code)) for one in fused},
        lists=given.get("lists", {}),
    )
