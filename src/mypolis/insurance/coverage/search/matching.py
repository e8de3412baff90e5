"""Finds the benefit that a few words mean, with simple explainable arithmetic over a market's few dozen benefits.

A benefit has phrases: its name, what people call it (from plan books and the words of its type), and its
explanation, which counts less. For every word of the question, each benefit gets the best score of its phrases: full
for the same word; less for a prefix, for one or two typing errors, and for a phrase with words that the question
lacks. Rare words weigh more than common ones. A phrase that the question contains completely counts once more.

A match is certain if a complete phrase makes up at least half of the question: "tooth" in "my tooth aches".
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from rapidfuzz import process
from rapidfuzz.distance import OSA

from mypolis.insurance.coverage.search.stems import stems

NAME, CALLED, EXCLUDED, ABOUT = 1.0, 1.0, 1.2, 0.35
_BEGINNING, _SAME_STEM = 0.8, 0.9
_BY_ERRORS = {0: 1.0, 1: 0.7, 2: 0.5}
_SHORTEST_BEGINNING, _FOR_ONE_ERROR, _FOR_TWO_ERRORS = 5, 4, 9
_WHOLE = 0.5
_ENOUGH = 0.3
_SURE, _SURE_FROM, _MOST = 0.7, 5, 0.5
MOST_WORDS = 16


@dataclass(frozen=True)
class Phrase:
    """The stems of words that describe a thing; `excluded` means that the thing does not include them."""

    text: str
    stems: Mapping[str, str]
    weight: float
    excluded: bool = False


@dataclass(frozen=True)
class Known:
    """A thing that can be found: its key and all its phrases."""

    key: str
    phrases: tuple[Phrase, ...]


@dataclass(frozen=True)
class Match:
    """A possible match: its `score`, and the phrase that matches best.

    `names` means that the question contains a complete phrase. If its phrases also cover most of the question, the
    match is `certain`; if they cover all of it, `says_all`.
    """

    key: str
    score: float
    phrase: Phrase
    names: bool
    certain: bool
    says_all: bool


def phrase(text: str, language: str, weight: float, *, excluded: bool = False) -> Phrase:
    """A phrase made from a text."""
    return Phrase(text, stems(text, language), weight, excluded)


@dataclass(frozen=True)
class Index:
    """The index of everything that can be found, in one language."""

    language: str
    things: tuple[Known, ...]
    _places: dict[str, list[tuple[int, int]]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def places(self) -> Mapping[str, Sequence[tuple[int, int]]]:
        """The positions of each stem: (thing, phrase)."""
        found: dict[str, list[tuple[int, int]]] = {}
        for thing, known in enumerate(self.things):
            for place, one in enumerate(known.phrases):
                for stem in one.stems:
                    found.setdefault(stem, []).append((thing, place))
        return found

    def search(self, text: str) -> list[Match]:
        """Possible matches, likeliest first; empty if too few of the words are known."""
        asked = dict(islice(stems(text, self.language).items(), MOST_WORDS))
        similar = {word: self._similar_stems(word) for word in asked}
        weights = {
            word: max((self._rarity(stem) for stem in similar[word]), default=self._rarity("")) for word in asked
        }
        made: dict[int, _Made] = {}
        for word, known in similar.items():
            for stem, likeness in known.items():
                for thing, place in self.places[stem]:
                    only_stem = likeness == 1.0 and self.things[thing].phrases[place].stems[stem] != asked[word]
                    made.setdefault(thing, _Made()).add(place, word, likeness * (_SAME_STEM if only_stem else 1.0))
        enough = _ENOUGH * sum(weights.values()) / max(1, len(weights)) if weights else 0.0
        matches = [self._match(thing, found, weights) for thing, found in made.items()]
        return sorted((one for one in matches if one.score >= enough), key=lambda one: -one.score)

    def _match(self, thing: int, made: "_Made", weights: Mapping[str, float]) -> Match:
        known = self.things[thing]
        best: dict[str, float] = {}
        scores: Counter[int] = Counter()
        whole = 0.0
        for place, words in made.phrases.items():
            one = known.phrases[place]
            share = min(1.0, len(words) / len(one.stems))
            for word, likeness in words.items():
                value = one.weight * likeness * (0.5 + 0.5 * share) if one.weight >= CALLED else one.weight * likeness
                value *= weights[word]
                best[word] = max(best.get(word, 0.0), value)
                scores[place] += round(value * 1000)
            if share == 1.0 and one.weight >= CALLED:
                whole = max(whole, _WHOLE * sum(weights[word] * likeness for word, likeness in words.items()))
        sure = {place: _sure_words(words) for place, words in made.phrases.items()}
        named = [place for place, words in sure.items() if _names(known.phrases[place], words)]
        eligible = [
            place for place, _value in scores.most_common() if place in named or not known.phrases[place].excluded
        ]
        place = eligible[0] if eligible else scores.most_common(1)[0][0]
        explained = {word for where in sure if known.phrases[where].weight >= CALLED for word in sure[where]}
        share = sum(weights[word] for word in explained) / sum(weights.values())
        certain = share >= _MOST and (place in named or (bool(named) and not known.phrases[place].excluded))
        return Match(
            known.key,
            sum(best.values()) + whole,
            known.phrases[place],
            names=bool(named),
            certain=certain,
            says_all=certain and len(explained) == len(weights),
        )

    def _similar_stems(self, word: str) -> dict[str, float]:
        """Stems of the index that the word may mean, each with its likelihood.

        A known word is never treated as a typing error.
        """
        found = {stem: _BEGINNING for stem in self.places if _is_beginning(word, stem)}
        if word in self.places:
            return {**found, word: 1.0}
        allowed = 0 if len(word) < _FOR_ONE_ERROR else 1 if len(word) < _FOR_TWO_ERRORS else 2
        near = process.extract(word, self._stems, scorer=OSA.distance, score_cutoff=allowed, limit=None)
        return {stem: _BY_ERRORS[int(errors)] for stem, errors, _place in near if _may_be(word, stem)} | found

    @cached_property
    def _stems(self) -> list[str]:
        return list(self.places)

    def _rarity(self, stem: str) -> float:
        """The weight of a stem: the fewer things have it, the higher."""
        things = len({thing for thing, _place in self.places.get(stem, ())})
        return math.log(1 + len(self.things) / max(1, things))


@dataclass
class _Made:
    """How the words of a question match one thing: similarity by phrase, then by word."""

    phrases: dict[int, dict[str, float]] = field(default_factory=dict)

    def add(self, place: int, word: str, likeness: float) -> None:
        words = self.phrases.setdefault(place, {})
        words[word] = max(words.get(word, 0.0), likeness)


def _sure_words(words: Mapping[str, float]) -> set[str]:
    """The words of a question that almost certainly match a phrase's words; short words may have no typing errors."""
    return {word for word, like in words.items() if like >= _BEGINNING or (like >= _SURE and len(word) >= _SURE_FROM)}


def _names(one: Phrase, words: set[str]) -> bool:
    """Whether the words are a complete name, or all of what people call a thing."""
    return one.weight >= CALLED and len(words) >= len(one.stems)


def _may_be(word: str, stem: str) -> bool:
    """Whether a word may be a misspelt stem. Short words must start alike, since too many others are similar."""
    shorter = min(len(word), len(stem))
    return shorter >= _FOR_ONE_ERROR and (shorter >= _SHORTEST_BEGINNING or word[0] == stem[0])


def _is_beginning(word: str, stem: str) -> bool:
    """Whether one is a prefix of the other and means something by itself."""
    return min(len(word), len(stem)) >= _SHORTEST_BEGINNING and (stem.startswith(word) or word.startswith(stem))


def index_of(things: Iterable[Known], language: str) -> Index:
    """Builds an index of things."""
    return Index(language, tuple(things))
